import type { Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import { OutOfRoom } from "./out-of-room.ts";

/**
 * A copy of a tensor's elements in WebAssembly memory, where compiled steps read and change them.
 *
 *     tensor            copy
 *     version 3    →    version 3     pull: before a run, if the tensor was changed
 *     version 3         version 4     changed: a run wrote to the copy; the tensor's array is old
 *     version 4    ←    version 4     as soon as somebody reads the tensor's array
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

/** Gives the room back once nobody can ask for the elements any more. */
const abandoned = new FinalizationRegistry<{ engine: WasmEngine; block: Float64Array }>(({ engine, block }) =>
  engine.release(block),
);

/** The copy of a tensor from outside in the engine's memory; it stays there, for all plans to share. */
export function copyOf(storage: Storage, engine: WasmEngine): MemoryCopy {
  const known = copies.get(storage);
  if (known?.engine === engine) return known;
  const block = engine.allocate(storage.size);
  if (block === null) throw new OutOfRoom();
  storage.data; // a newer copy in the memory of another engine is read before it is forgotten
  abandoned.unregister(storage);
  abandoned.register(storage, { engine, block }, storage);
  const copy = new MemoryCopy(storage, engine, block);
  copies.set(storage, copy);
  return copy;
}
