import { allocate } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";

/** When a larger block is needed, it gets this much more room than the one before, so that few are needed. */
const GROWTH = 1.25;

/**
 * The block of memory in which the plans of one function run, one at a time. Nothing in it outlasts a run: arguments are
 * copied in and results are copied out, so all plans share it, and it is as large as the largest of them.
 */
export class Workspace {
  /** Undefined for the plain loops. */
  readonly engine: WasmEngine | undefined;
  #block: Float64Array | null = null;

  constructor(engine: WasmEngine | undefined) {
    this.engine = engine;
  }

  /**
   * The block, with room for so many numbers; null if the memory is full. It is another array once it had to grow; the one
   * before must not be used any more.
   */
  block(size: number): Float64Array | null {
    const before = this.#block?.length ?? 0;
    if (this.#block && before >= size) return this.#block;
    this.release();
    this.#block = this.#allocate(Math.max(size, Math.ceil(GROWTH * before))) ?? this.#allocate(size);
    return this.#block;
  }

  release(): void {
    if (this.#block) this.engine?.release(this.#block);
    this.#block = null;
  }

  #allocate(size: number): Float64Array | null {
    return this.engine ? this.engine.allocate(size) : allocate("compile", [size]);
  }
}
