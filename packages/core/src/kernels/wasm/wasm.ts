import { blockedKernels } from "../blocked.ts";
import type { GemmOptions, Kernels } from "../kernels.ts";
import { WasmEngine } from "./engine.ts";
import { productInstruction } from "./lower.ts";
import { isSupported } from "./module.ts";

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
  const { m, k, n } = options;
  if (m * k * n >= SMALL && copiedGemm(a, b, out, options)) return;
  blockedKernels.gemm(a, b, out, options);
}

/** The product in the engine's memory; false if there is no room for it. */
function copiedGemm(a: Float64Array, b: Float64Array, out: Float64Array, options: GemmOptions): boolean {
  const machine = wasmEngine();
  const block = machine?.allocate(a.length + b.length + out.length);
  if (!machine || !block) return false;
  const [left, right, result] = [
    block.subarray(0, a.length),
    block.subarray(a.length, a.length + b.length),
    block.subarray(a.length + b.length),
  ];
  const program = machine.program([
    productInstruction(left.byteOffset, right.byteOffset, result.byteOffset, options),
  ]);
  if (program) {
    left.set(a);
    right.set(b);
    program.run();
    out.set(result);
    program.release();
  }
  machine.release(block);
  return program !== null;
}
