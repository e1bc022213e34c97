/** A stretch of memory, in the unit of the caller. */
interface Gap {
  readonly at: number;
  readonly size: number;
}

/** The free stretches of a block of memory. Neighbours are joined, so that no two of them touch. */
export class Gaps {
  /** By size, and those of one size by place. */
  readonly #sorted: Gap[] = [];
  readonly #byStart = new Map<number, Gap>();
  readonly #byEnd = new Map<number, Gap>();

  /** Takes `size` > 0 from the smallest stretch that has it (best fit). @returns where, or null if none has. */
  take(size: number): number | null {
    const best = this.#sorted[this.#search(size, 0)];
    if (best === undefined) return null;
    this.#remove(best);
    if (best.size > size) this.#insert({ at: best.at + size, size: best.size - size });
    return best.at;
  }

  /** Makes a stretch free. */
  add(at: number, size: number): void {
    const before = this.#byEnd.get(at);
    const after = this.#byStart.get(at + size);
    if (before) this.#remove(before);
    if (after) this.#remove(after);
    const start = before?.at ?? at;
    const end = after ? after.at + after.size : at + size;
    this.#insert({ at: start, size: end - start });
  }

  #insert(gap: Gap): void {
    this.#sorted.splice(this.#search(gap.size, gap.at), 0, gap);
    this.#byStart.set(gap.at, gap);
    this.#byEnd.set(gap.at + gap.size, gap);
  }

  #remove(gap: Gap): void {
    this.#sorted.splice(this.#search(gap.size, gap.at), 1);
    this.#byStart.delete(gap.at);
    this.#byEnd.delete(gap.at + gap.size);
  }

  /** The index of the first stretch that is not before one of this size and place. */
  #search(size: number, at: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const gap = this.#sorted[middle];
      if (gap.size < size || (gap.size === size && gap.at < at)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
