import { Gaps } from "../gaps.ts";

/** The part of a shared `WebAssembly.Memory` that is used. Its arrays stay valid when it grows. */
interface GrowingMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** Blocks begin at multiples of this, a cache line, so that no two threads write to the same one. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** Pages to grow by, at least: growing takes about a millisecond. */
const LEAST_GROWTH = 64;

/** Hands out blocks of the kernels' memory. */
export class Heap {
  readonly #memory: GrowingMemory;
  readonly #gaps: Gaps = new Gaps();
  /** The bytes in use, by address. */
  readonly #used = new Map<number, number>();

  /** @param start the first byte that is not the kernels' own. */
  constructor(memory: GrowingMemory, start: number) {
    this.#memory = memory;
    const first = rounded(start);
    if (memory.buffer.byteLength > first) this.#gaps.add(first, memory.buffer.byteLength - first);
  }

  /** How many bytes are in use. */
  get used(): number {
    let bytes = 0;
    for (const size of this.#used.values()) bytes += size;
    return bytes;
  }

  /** The address of a block, whose bytes may be anything; null if the memory can grow no more. */
  allocate(bytes: number): number | null {
    const size = Math.max(ALIGNMENT, rounded(bytes));
    const at = this.#gaps.take(size) ?? this.#grow(size);
    if (at !== null) this.#used.set(at, size);
    return at;
  }

  /** The block at an address, as numbers. */
  numbers(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  /** Gives a block back. */
  release(at: number): void {
    const size = this.#used.get(at);
    if (size === undefined) return;
    this.#used.delete(at);
    this.#gaps.add(at, size);
  }

  #grow(size: number): number | null {
    const end = this.#memory.buffer.byteLength;
    const pages = Math.ceil(size / PAGE);
    for (const wanted of [Math.max(LEAST_GROWTH, pages), pages]) {
      try {
        this.#memory.grow(wanted);
      } catch {
        continue; // a RangeError: a smaller growth may be possible
      }
      this.#gaps.add(end, wanted * PAGE);
      return this.#gaps.take(size);
    }
    return null;
  }
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
