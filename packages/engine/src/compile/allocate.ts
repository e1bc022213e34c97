import { allocate as allocateNumbers, type Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import type { Layout } from "./lay-out.ts";
import type { Lives } from "./lives.ts";
import { copyOf, type MemoryCopy } from "./memory-copy.ts";
import type { Operand } from "./trace.ts";

/** Finds the array in which the elements of an operand lie. */
export type ArrayOf = (operand: Operand) => Float64Array;

/** The memory of a plan. */
export interface Memory {
  readonly arrayOf: ArrayOf;
  /** Before a run: makes the newest numbers of tensors from outside readable where the steps read them. */
  pull(): void;
  /** After a run: counts the changes that it made to tensors from outside. */
  countChanges(): void;
  release(): void;
}

/** Allocates the block of a plan, and copies of outer tensors for an engine; null if the engine's memory is full. */
export function allocate(
  { buffers, captured, changed, of }: Lives,
  { offsets, total }: Layout,
  engine: WasmEngine | undefined,
): Memory | null {
  const block = engine ? engine.allocate(total) : allocateNumbers("compile", [total]);
  if (!block) return null;
  const release = (): void => engine?.release(block);
  const places = new Map(
    buffers.map((life, i) => [life, block.subarray(offsets[i], offsets[i] + life.size)]),
  );
  const copies = new Map<Storage, MemoryCopy>();
  for (const storage of engine ? captured : []) {
    const copy = copyOf(storage, engine as WasmEngine);
    if (!copy) {
      release();
      return null;
    }
    copies.set(storage, copy);
  }
  return {
    arrayOf(operand) {
      const life = of(operand);
      const storage = life.captured;
      return storage ? (copies.get(storage)?.block ?? storage.data) : (places.get(life) as Float64Array);
    },
    pull() {
      for (const storage of captured) {
        const copy = copies.get(storage);
        if (copy) copy.pull();
        else storage.data; // reading it copies a newer copy of another engine back
      }
    },
    countChanges() {
      for (const storage of changed) {
        const copy = copies.get(storage);
        if (copy) copy.changed();
        else storage.version++;
      }
    },
    release,
  };
}
