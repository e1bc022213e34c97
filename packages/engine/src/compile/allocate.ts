import type { Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import type { Layout } from "./lay-out.ts";
import type { Lives } from "./lives.ts";
import { copyOf, type MemoryCopy } from "./memory-copy.ts";
import type { Operand } from "./trace.ts";

/** Finds the array in which the elements of an operand lie. */
export type ArrayOf = (operand: Operand) => Float64Array;

/** The tensors from outside that a plan uses, and their copies in the engine's memory. */
export interface Outer {
  /** The array in which steps find the elements of a tensor from outside. */
  arrayOf(storage: Storage): Float64Array;
  /** Before a run: makes the newest numbers readable where the steps read them. */
  pull(): void;
  /** After a run: counts the changes that it made. */
  countChanges(): void;
  release(): void;
}

/**
 * Allocates copies of outer tensors for an engine; null, with nothing left allocated, if the engine's memory is full.
 *
 * @param isConstant whether a tensor was made while the function was traced.
 */
export function allocateOuter(
  { captured, changed }: Lives,
  engine: WasmEngine | undefined,
  isConstant: (storage: Storage) => boolean,
): Outer | null {
  const copies = new Map<Storage, MemoryCopy>();
  const release = (): void => {
    for (const copy of copies.values()) copy.release();
    copies.clear();
  };
  for (const storage of engine ? captured : []) {
    const copy = copyOf(storage, engine as WasmEngine, isConstant(storage));
    if (!copy) {
      release();
      return null;
    }
    copies.set(storage, copy);
  }
  const copied = [...copies.values()];
  const written = changed.flatMap((storage) => copies.get(storage) ?? []);
  return {
    arrayOf: (storage) => copies.get(storage)?.block ?? storage.data,
    pull() {
      for (let i = 0; i < copied.length; i++) copied[i].pull();
      // Without an engine steps read the arrays. Reading them here copies the newer numbers of another engine back.
      if (!engine) for (const storage of captured) storage.data;
    },
    countChanges() {
      for (let i = 0; i < written.length; i++) written[i].changed();
      if (!engine) for (const storage of changed) storage.version++;
    },
    release,
  };
}

/** The arrays of all operands: places in a block of memory, and those of the tensors from outside. */
export function arraysIn(block: Float64Array, { buffers, of }: Lives, layout: Layout, outer: Outer): ArrayOf {
  const places = buffers.map(({ size }, i) => block.subarray(layout.offsets[i], layout.offsets[i] + size));
  return (operand) => {
    const { captured, index } = of(operand);
    return captured ? outer.arrayOf(captured) : places[index];
  };
}
