import { Gaps } from "../gaps.ts";

/** A buffer of a plan: how many numbers it holds and during which steps they are needed. */
export interface Life {
  readonly size: number;
  /** The step that writes it. */
  readonly first: number;
  /** The last step that reads it. */
  readonly last: number;
  /** Buffers that it may take the place of, as the step that writes it reads them element by element. */
  readonly heirTo: readonly number[];
}

/** Where buffers lie, in numbers from the start of one block of memory, and how large that block must be. */
export interface Layout {
  readonly offsets: readonly number[];
  readonly total: number;
}

/** Buffers begin at multiples of this many numbers: 64 bytes, a line of the cache. */
const ALIGNMENT = 8;

/**
 * Lays buffers into one block so that two share a place only if they are never needed at the same time. Buffers are
 * taken in the order of their first step; each gets the smallest gap it fits into (best fit), or the end of the block.
 *
 * @param lives in the order of `first`.
 */
export function layOut(lives: readonly Life[]): Layout {
  const offsets: number[] = [];
  const gaps = new Gaps();
  const inherited = new Set<number>();
  let total = 0;
  let open: number[] = [];
  lives.forEach(({ size, first, heirTo }, index) => {
    open = open.filter((other) => {
      if (lives[other].last >= first) return true;
      if (!inherited.has(other)) gaps.add(offsets[other], rounded(lives[other].size));
      return false;
    });
    const heir = heirTo.find(
      (other) => lives[other].last === first && lives[other].size === size && !inherited.has(other),
    );
    if (heir !== undefined) {
      inherited.add(heir);
      offsets.push(offsets[heir]);
    } else {
      const at = gaps.take(rounded(size)) ?? total;
      if (at === total) total += rounded(size);
      offsets.push(at);
    }
    open.push(index);
  });
  return { offsets, total };
}

/** At least one line, so that no two buffers begin at the same place. */
function rounded(size: number): number {
  return Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;
}
