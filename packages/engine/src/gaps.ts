/** A stretch of memory, in the unit of the caller. */
interface Gap {
  at: number;
  size: number;
}

/** The free stretches of a block of memory. Neighbours are joined, so that no two of them touch. */
export class Gaps {
  readonly #gaps: Gap[] = [];

  /** Takes `size` > 0 from the smallest stretch that has it (best fit). @returns where, or null if none has. */
  take(size: number): number | null {
    let best: Gap | null = null;
    for (const gap of this.#gaps) if (gap.size >= size && (best === null || gap.size < best.size)) best = gap;
    if (best === null) return null;
    const { at } = best;
    best.at += size;
    best.size -= size;
    if (best.size === 0) this.#remove(best);
    return at;
  }

  /** Makes a stretch free. */
  add(at: number, size: number): void {
    const before = this.#gaps.find((gap) => gap.at + gap.size === at);
    const after = this.#gaps.find((gap) => gap.at === at + size);
    if (before) this.#remove(before);
    if (after) this.#remove(after);
    const start = before?.at ?? at;
    const end = after ? after.at + after.size : at + size;
    this.#gaps.push({ at: start, size: end - start });
  }

  #remove(gap: Gap): void {
    this.#gaps.splice(this.#gaps.indexOf(gap), 1);
  }
}
