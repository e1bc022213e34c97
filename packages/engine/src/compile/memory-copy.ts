import type { Storage } from "@gradus/core/internal";
import { finalizer } from "../finalizer.ts";
import type { WasmEngine } from "../wasm/engine.ts";

/**
 * A copy of a tensor's elements in WebAssembly memory, where compiled steps read and change them. The versions tell which of
 * both is newer; elements move only when the older one is needed.
 *
 *     tensor's array   copy
 *     version 3        none           a plan that uses the tensor is made
 *     version 3   →    version 3      pull: before a run, if the tensor was changed since
 *     version 3        version 4      changed: a run wrote to the copy; the array is old
 *     version 4   ←    version 4      push: before the array is read
 *     version 5        version 4      the array was changed; pull before the next run
 */
export class MemoryCopy {
  readonly block: Float64Array;
  readonly engine: WasmEngine;
  readonly #storage: Storage;
  /** The version of the tensor that the block holds. */
  #version = -1;

  constructor(storage: Storage, engine: WasmEngine, block: Float64Array) {
    this.#storage = storage;
    this.engine = engine;
    this.block = block;
  }

  /** Copies the elements in if they were changed elsewhere. */
  pull(): void {
    if (this.#version === this.#storage.version) return;
    this.block.set(this.#storage.data);
    this.#version = this.#storage.version;
  }

  /** Counts a change that was made to the block; the tensor gets it when it is read. */
  changed(): void {
    this.#version = ++this.#storage.version;
    this.#storage.beforeRead = this.#push;
  }

  readonly #push = (): void => {
    this.#storage.beforeRead = null;
    this.#storage.data.set(this.block);
  };
}

const copies = new WeakMap<Storage, MemoryCopy>();

/** Gives the memory back when the tensor is gone. */
const abandoned = finalizer<{ engine: WasmEngine; block: Float64Array }>(({ engine, block }) =>
  engine.release(block),
);

/** The copy of an outer tensor in the engine's memory, which all plans share; null if that memory is full. */
export function copyOf(storage: Storage, engine: WasmEngine): MemoryCopy | null {
  const known = copies.get(storage);
  if (known?.engine === engine) return known;
  const block = engine.allocate(storage.size);
  if (!block) return null;
  storage.data; // a newer copy in the memory of another engine is read before it is forgotten
  abandoned.unregister(storage);
  abandoned.register(storage, { engine, block }, storage);
  const copy = new MemoryCopy(storage, engine, block);
  copies.set(storage, copy);
  return copy;
}
