import { ArgumentError } from "@gradus/core";
import type { Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import { copyNumbers, FEW } from "./copy-numbers.ts";

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
 *
 * An array that was read, `x.data`, may be written to directly: the next run copies it in again. An array that somebody kept
 * holds NaN while the copy is newer.
 */
export class MemoryCopy {
  readonly block: Float64Array;
  readonly engine: WasmEngine;
  readonly #storage: Storage;
  readonly #array: Float64Array;
  /** The version of the tensor that the block holds. */
  #version = -1;
  /** Whether the array is older than the block. It holds NaN then, so that nobody takes old numbers for new ones. */
  #old = false;
  /** Whether the array was read since the last run. Who has it may have written to it, which no version counts. */
  #read = false;
  /** Whether nobody else has the array: then its version counts every change. */
  readonly #own: boolean;
  /** How many plans use it. */
  #users = 0;

  constructor(storage: Storage, engine: WasmEngine, block: Float64Array, own: boolean) {
    this.#storage = storage;
    this.#array = storage.data; // a newer copy in the memory of another engine is read before it is forgotten
    this.engine = engine;
    this.block = block;
    this.#own = own;
    storage.beforeRead = () => this.#push();
  }

  /** Counts one more plan that uses it. */
  use(): this {
    this.#users++;
    return this;
  }

  /** Counts one plan less; without any, the memory is freed. */
  release(): void {
    if (--this.#users > 0) return;
    if (copies.get(this.#storage) === this) {
      this.#push();
      copies.delete(this.#storage);
      this.#storage.beforeRead = null;
    }
    this.engine.release(this.block);
  }

  /** Copies the elements in if they were, or may have been, changed elsewhere. */
  pull(): void {
    if (this.#version !== this.#storage.version) this.#push();
    else if (this.#own || (!this.#read && (this.#old || this.block.length > FEW))) return;
    copyNumbers(this.block, this.#array);
    this.#version = this.#storage.version;
    this.#read = false;
  }

  /** Counts a change that was made to the block; the tensor gets it when it is read. */
  changed(): void {
    this.#version = ++this.#storage.version;
    if (!this.#old) this.#array.fill(Number.NaN);
    this.#old = true;
  }

  #push(): void {
    this.#read = true;
    if (!this.#old) return;
    const written = this.#array.findIndex((x) => !Number.isNaN(x));
    this.#old = false;
    this.#array.set(this.block);
    if (written < 0) return;
    throw new ArgumentError(
      `the data of a tensor of ${this.block.length} elements was written to directly, at ${written}, by somebody who kept the ` +
        "array while a compiled function had newer numbers; the write is lost. Use assign, or read x.data anew before each write",
    );
  }
}

const copies = new WeakMap<Storage, MemoryCopy>();

/**
 * The copy of an outer tensor in the engine's memory, for one more plan, which must release it; null if that memory is
 * full.
 *
 * @param own whether only the plan has the tensor.
 */
export function copyOf(storage: Storage, engine: WasmEngine, own: boolean): MemoryCopy | null {
  const known = copies.get(storage);
  if (known?.engine === engine) return known.use();
  const block = engine.allocate(storage.size);
  if (!block) return null;
  const copy = new MemoryCopy(storage, engine, block, own);
  copies.set(storage, copy);
  return copy.use();
}
