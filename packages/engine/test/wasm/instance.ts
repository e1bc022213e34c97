import { completeLogTable } from "../../../core/src/math/log-table.ts";
import { bytes, digits } from "../../../nn/src/ops/window-kernels.generated.ts";
import {
  createInstance,
  createMemory,
  decode,
  type KernelExports,
  type SharedMemory,
} from "../../src/wasm/module.ts";

/** An instance of the kernels and its memory. */
export interface TestKernels extends Pick<KernelExports, "execute"> {
  readonly memory: SharedMemory;
  /** The address of the module of windows. */
  readonly module: number;
  /** Where memory begins that neither the kernels' tables nor their scratch memory use. */
  readonly heapBase: number;
}

/** A fresh instance of the embedded kernels with a memory of its own; bytes.test.ts compares them with their sources. */
export function kernelExports(): TestKernels {
  const memory = createMemory(64);
  const { heapBase, logTable, scratchBytes, initialize, execute } = createInstance(memory);
  const logarithms = completeLogTable();
  new Float64Array(memory.buffer, logTable(), logarithms.length).set(logarithms);
  const scratch = Math.ceil(heapBase() / 64) * 64;
  initialize(scratch);
  const module = scratch + Math.ceil(scratchBytes() / 64) * 64;
  const code = decode({ digits, bytes });
  new Int32Array(memory.buffer, module, 1)[0] = code.length;
  new Uint8Array(memory.buffer).set(code, module + 4);
  return { memory, module, heapBase: module + Math.ceil((4 + code.length) / 64) * 64, execute };
}
