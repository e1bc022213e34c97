import type { Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";

/**
 * A copy of a tensor's elements in WebAssembly memory, where compiled steps read and change them. The versions tell which of
 * both is newer; elements move only when the older one is needed. All plans that use the tensor share the copy; the last one
 * that is released frees it.
 *
 *     tensor's array   copy
 *     version 3        none           a plan that uses the tensor is made
 *     version 3   →    version 3      pull: before a run, if the tensor was changed since
 *     version 3        version 4      changed: a run wrote to the copy; the array is old
 *     version 4   ←    version 4      push: before the array is read, or the copy is freed
 *     version 5        version 4      the array was changed; pull before the next run
 */
export class MemoryCopy {
  readonly block: Float64Array;
  readonly engine: WasmEngine;
  readonly #storage: Storage;
  /** The version of the tensor that the block holds. */
  #version = -1;
  /** Copies the elements back; made when a run first changes them, as most tensors are only read. */
  #push: (() => void) | null = null;
  /** How many plans use it. */
  #users = 0;

  constructor(storage: Storage, engine: WasmEngine, block: Float64Array) {
    this.#storage = storage;
    this.engine = engine;
    this.block = block;
  }

  /** Counts one more plan that uses it. */
  use(): this {
    this.#users++;
    return this;
  }

  /** Counts one plan less; without any, the memory is freed. */
  release(): void {
    if (--this.#users > 0) return;
    if (this.#push && this.#storage.beforeRead === this.#push) this.#push();
    if (copies.get(this.#storage) === this) copies.delete(this.#storage);
    this.engine.release(this.block);
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
    this.#push ??= () => {
      this.#storage.beforeRead = null;
      this.#storage.data.set(this.block);
    };
    this.#storage.beforeRead = this.#push;
  }
}

const copies = new WeakMap<Storage, MemoryCopy>();

/**
 * The copy of an outer tensor in the engine's memory, for one more plan, which must release it; null if that memory is
 * full.
 */
export function copyOf(storage: Storage, engine: WasmEngine): MemoryCopy | null {
  const known = copies.get(storage);
  if (known?.engine === engine) return known.use();
  const block = engine.allocate(storage.size);
  if (!block) return null;
  const copy = new MemoryCopy(storage, engine, block);
  copies.set(storage, copy);
  return copy.use();
}
