import type { Step } from "./trace.ts";

/** Microseconds, measured roughly, on purpose not by a clock: the same calls are followed in every training. */
const COST = { followed: 1.3, call: 5, step: 0.15, number: 0.001, product: 0.00025 };

/**
 * The number of calls of which one is followed, so that following takes about 2 % of the time.
 *
 * @param count the number of steps that a call is compared with.
 */
export function distanceOf(steps: readonly Step[], count: number): number {
  let time = COST.call;
  for (const { kind, spec, reads, writes } of steps) {
    const sizes = [...reads, ...writes].map(({ storage }) => storage.size);
    time += COST.step + COST.number * sizes.reduce((sum, size) => sum + size, 0);
    const product = kind === "op" && typeof spec.kernel === "object" && spec.kernel.layout === "product";
    // [m, k]·[k, n] → [m, n] has m·k·n terms, the root of the product of the three sizes.
    if (product) time += COST.product * Math.sqrt(sizes.reduce((all, size) => all * size, 1));
  }
  return Math.max(1, Math.ceil((50 * COST.followed * count) / time));
}
