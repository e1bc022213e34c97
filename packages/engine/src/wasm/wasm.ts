import {
  ArgumentError,
  blockedProduct,
  type MatrixProduct,
  type ProductSizes,
  show,
  useProduct,
} from "@gradus/core";
import { reasonOf, warn } from "@gradus/core/internal";
import { WasmEngine, warnFull } from "./engine.ts";
import { productInstruction } from "./lower.ts";
import { isSupported } from "./module.ts";

/** Undefined before the first use; null if the host cannot or will not run it. */
let engine: WasmEngine | null | undefined;

/**
 * The engine of this process, made at the first call; null where the plain loops run. A host that has WebAssembly may
 * still refuse it, with an error of any kind: a Content Security Policy forbids to compile, memory is short, a runtime
 * takes no code at run time. All results are the same without the engine, so that is a warning.
 */
export function wasmEngine(): WasmEngine | null {
  if (engine === undefined) {
    engine = null;
    try {
      if (isSupported()) engine = new WasmEngine();
    } catch (reason) {
      warn(
        `gradus: the plain loops run, on one thread: the same numbers, but slower. This host refuses WebAssembly: ${reasonOf(reason)}. ` +
          "A page with a Content Security Policy allows it by script-src 'wasm-unsafe-eval'",
      );
    }
  }
  return engine;
}

/**
 * Whether the SIMD kernels run in this host: it has WebAssembly with SIMD, shared memory and atomics, and does not refuse
 * to compile or to start them, as a Content Security Policy may do.
 */
export function simdSupported(): boolean {
  return wasmEngine() !== null;
}

let on = false;

/** The engine that compiled functions run on; undefined while the plain loops do it. */
export function currentEngine(): WasmEngine | undefined {
  return on ? (wasmEngine() ?? undefined) : undefined;
}

/**
 * Turns the SIMD kernels on or off: for compiled functions, which then run in WebAssembly memory as a whole, and for the
 * larger matrix products outside of them, which are worth being copied there and back. The numbers stay the same to the last
 * bit; only the time changes. They are on from the import of this package, where the host supports them; where it does not,
 * `useSimd(true)` changes nothing.
 *
 * @returns whether they were on before.
 * @example
 * useSimd(false); // the plain loops, to compare or to study
 */
export function useSimd(next: boolean): boolean {
  if (typeof next !== "boolean") throw new ArgumentError(`useSimd: needs true or false, got ${show(next)}`);
  const before = on && engine !== null;
  on = next && engine !== null && isSupported();
  useProduct(on ? simdProduct : blockedProduct);
  return before;
}

/** Below this many multiplications, copying costs more than it saves. */
const SMALL = 65_536;

const simdProduct: MatrixProduct = (a, b, out, sizes) => {
  const { m, k, n } = sizes;
  if (m * k * n >= SMALL) {
    const machine = wasmEngine();
    if (machine && copiedProduct(machine, a, b, out, sizes)) return;
    if (machine) warnFull();
  }
  blockedProduct(a, b, out, sizes);
};

/** The product in the engine's memory; false if there is no room for it. */
function copiedProduct(
  machine: WasmEngine,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  sizes: ProductSizes,
): boolean {
  const block = machine.allocate(a.length + b.length + out.length);
  if (!block) return false;
  const [left, right, result] = [
    block.subarray(0, a.length),
    block.subarray(a.length, a.length + b.length),
    block.subarray(a.length + b.length),
  ];
  const program = machine.program([
    productInstruction(left.byteOffset, right.byteOffset, result.byteOffset, sizes),
  ]);
  try {
    if (!program) return false;
    left.set(a);
    right.set(b);
    try {
      program.run();
    } catch (error) {
      if (!machine.team?.failure) throw error;
      program.run(); // a thread died; nothing that is read was overwritten, so one thread does it again
    }
    out.set(result);
    return true;
  } finally {
    program?.release();
    machine.release(block);
  }
}
