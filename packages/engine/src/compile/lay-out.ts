import { Gaps } from "../gaps.ts";
import type { Life, Lives } from "./lives.ts";
import type { Step } from "./trace.ts";
import type { Way } from "./ways.ts";

/** A buffer to be laid out: its size in numbers, and the steps during which it is needed. */
export interface Buffer extends Pick<Life, "size" | "first" | "last"> {
  /**
   * Buffers that it may overwrite, by index: the step that writes it reads them element by element. A negative index is a tensor
   * from outside, which stays.
   */
  readonly overwrites: readonly number[];
}

/** Where buffers lie, in numbers from the start of one block of memory, and how large that block must be. */
export interface Layout {
  readonly offsets: readonly number[];
  readonly total: number;
}

/** Buffers begin at multiples of this many numbers: 64 bytes, a line of the cache. */
const ALIGNMENT = 8;

/** The buffers of a plan: the results of its steps, and which inputs each result may overwrite. */
export function buffersOf(lives: Lives, steps: readonly Step[], ways: readonly Way[]): Buffer[] {
  return lives.buffers.map(({ size, first, last }) => {
    const way = ways[first];
    const inPlace = way?.by === "engine" && way.lowering.inPlace;
    const reads = inPlace ? steps[first].reads : [];
    return { size, first, last, overwrites: reads.map((input) => lives.of(input).index) };
  });
}

/**
 * Lays buffers into one block so that two share a place only if they are never needed at the same time. Buffers are
 * taken in the order of their first step; each overwrites an input of its size that is read for the last time, or gets the
 * smallest gap it fits into (best fit), or the end of the block.
 *
 * @param buffers in the order of `first`.
 */
export function layOut(buffers: readonly Buffer[]): Layout {
  const offsets: number[] = [];
  const gaps = new Gaps();
  const overwritten = new Set<number>();
  let total = 0;
  // Lists of the buffers that are needed for the last time in each step, linked: the first of a step, the next of each buffer.
  // Index 0 is for arguments that no step reads.
  const firsts = new Int32Array((buffers.at(-1)?.first ?? 0) + 2).fill(-1);
  const nexts = new Int32Array(buffers.length);
  for (let index = buffers.length - 1; index >= 0; index--) {
    const at = buffers[index].last + 1;
    if (at >= firsts.length) continue; // it is needed until the end
    nexts[index] = firsts[at];
    firsts[at] = index;
  }
  let step = 0;
  buffers.forEach(({ size, first, overwrites }) => {
    for (; step <= first; step++) {
      for (let other = firsts[step]; other >= 0; other = nexts[other]) {
        if (!overwritten.has(other)) gaps.add(offsets[other], rounded(buffers[other].size));
      }
    }
    const target = overwrites.find(
      (other) => buffers[other]?.last === first && buffers[other].size === size && !overwritten.has(other),
    );
    if (target !== undefined) {
      overwritten.add(target);
      offsets.push(offsets[target]);
    } else {
      const at = gaps.take(rounded(size)) ?? total;
      if (at === total) total += rounded(size);
      offsets.push(at);
    }
  });
  return { offsets, total };
}

/** At least one line, so that no two buffers begin at the same place. */
function rounded(size: number): number {
  return Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;
}
