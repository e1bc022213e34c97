import { blockedKernels } from "../blocked.ts";
import type { GemmOptions, Kernels } from "../kernels.ts";
import { WasmEngine } from "./engine.ts";
import { isSupported } from "./module.ts";
import { GEMM } from "./opcodes.ts";

/** Null if the host refuses the memory. */
let engine: WasmEngine | null | undefined;

/** The engine of this process, made when first asked for; null if it cannot be had. */
export function wasmEngine(): WasmEngine | null {
  if (engine === undefined) engine = isSupported() ? newEngine() : null;
  return engine;
}

function newEngine(): WasmEngine | null {
  try {
    return new WasmEngine();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * SIMD kernels in WebAssembly. Compiled steps run in their memory as a whole; outside of compiled functions they only
 * do the larger matrix products, which are worth being copied there and back.
 */
export const wasmKernels: Kernels = {
  name: "wasm",
  gemm,
  get engine() {
    return wasmEngine() ?? undefined;
  },
};

/** Whether this host can run {@link wasmKernels}: it takes WebAssembly with SIMD, shared memory and atomics. */
export function wasmSupported(): boolean {
  return isSupported();
}

/** Below this many multiplications, copying costs more than it saves. */
const SMALL = 65_536;

function gemm(a: Float64Array, b: Float64Array, out: Float64Array, options: GemmOptions): void {
  const { m, k, n, transposeA = false, transposeB = false } = options;
  if (m * k * n < SMALL) {
    blockedKernels.gemm(a, b, out, options);
    return;
  }
  const machine = wasmEngine();
  const block = machine?.allocate(a.length + b.length + out.length);
  if (!machine || !block) {
    blockedKernels.gemm(a, b, out, options);
    return;
  }
  block.set(a);
  block.set(b, a.length);
  const at = block.byteOffset;
  const [atB, atOut] = [at + 8 * a.length, at + 8 * (a.length + b.length)];
  const flags = (transposeA ? 1 : 0) + (transposeB ? 2 : 0);
  const program = machine.program([
    { opcode: GEMM, words: [atOut, m, n, at, k, 0, atB, flags], doubles: [] },
  ]);
  if (program) {
    program.run();
    out.set(block.subarray(a.length + b.length));
    program.release();
  } else blockedKernels.gemm(a, b, out, options);
  machine.release(block);
}
