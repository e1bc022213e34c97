import { math, noMore, ranges } from "@gradus/core";
import { resolve, scheduleOf } from "./schedule-options.ts";
import type { Schedule } from "./schedules.ts";

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** Steps from `rate` to `minimum`, in the first cycle if there are several. */
  readonly steps: number;
  /** The lowest rate. Default 0 (PyTorch's and Keras'). */
  readonly minimum?: number;
  /** Whether each cycle is followed by another, from `rate` again. Default false: the rate stays at `minimum`. */
  readonly restarts?: boolean;
  /** A whole number: each cycle is this many times as long as the one before (the paper's T_mult). Default 1. */
  readonly growth?: number;
}

/**
 * minimum + (rate − minimum)·(1 + cos(π·s / T)) / 2 at step s of a cycle of T steps: half a cosine from `rate` to
 * `minimum`, optionally with warm restarts (Loshchilov & Hutter 2017, SGDR, equation 5).
 *
 * @example
 * cosineDecay(0.1, { steps: 5000, minimum: 1e-4 });
 * cosineDecay(0.1, { steps: 100, restarts: true, growth: 2 }); // starts again at 100, 300, 700, …
 */
export function cosineDecay(
  rate: number,
  options: CosineDecayOptions,
  ...extra: readonly undefined[]
): Schedule {
  noMore("cosineDecay", "rate, options", extra);
  const { steps, minimum, restarts, growth } = resolve("cosineDecay", rate, options, {
    defaults: { minimum: 0, restarts: false, growth: 1 },
    ranges: {
      steps: ranges.positiveCount,
      minimum: ranges.nonNegative,
      restarts: ranges.flag,
      growth: ranges.positiveCount,
    },
  });
  return scheduleOf("cosineDecay", (step) => {
    if (!restarts) return step >= steps ? minimum : halfCosine(rate, minimum, step / steps);
    let length = steps;
    let s = growth === 1 ? step % steps : step;
    while (s >= length) {
      s -= length;
      length *= growth;
    }
    return halfCosine(rate, minimum, s / length);
  });
}

/** Options of {@link oneCycle}; the defaults are PyTorch's. */
export interface OneCycleOptions {
  /** Length of the whole cycle. */
  readonly steps: number;
  /** In [0, 1): the part of the cycle in which the rate rises. Default 0.3. */
  readonly riseFraction?: number;
  /** The rate starts at peak / startDivisor. Default 25. */
  readonly startDivisor?: number;
  /** The rate ends at peak / startDivisor / endDivisor. Default 10000. */
  readonly endDivisor?: number;
}

/**
 * Half a cosine up to `peak`, half a cosine down to nearly 0 (Smith & Topin 2018, Super-Convergence, in the two-phase
 * form of PyTorch's OneCycleLR), then constant. The momentum is not changed.
 *
 * The peak is reached at step riseFraction·steps − 1, the end at step steps − 1.
 *
 * @example oneCycle(0.1, { steps: 10 * Math.ceil(60000 / 128) });
 */
export function oneCycle(peak: number, options: OneCycleOptions, ...extra: readonly undefined[]): Schedule {
  noMore("oneCycle", "peak, options", extra);
  const { steps, riseFraction, startDivisor, endDivisor } = resolve("oneCycle", peak, options, {
    defaults: { riseFraction: 0.3, startDivisor: 25, endDivisor: 1e4 },
    ranges: {
      steps: ranges.positiveCount,
      riseFraction: ranges.fraction,
      startDivisor: ranges.positive,
      endDivisor: ranges.positive,
    },
  });
  const start = peak / startDivisor;
  const end = start / endDivisor;
  const top = riseFraction * steps - 1;
  const last = steps - 1;
  return scheduleOf("oneCycle", (step) => {
    if (step <= top && top > 0) return halfCosine(start, peak, step / top);
    return step >= last ? end : halfCosine(peak, end, (step - top) / (last - top));
  });
}

/** Half a cosine: `from` at part 0, `to` at part 1. */
function halfCosine(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + math.cos(Math.PI * part))) / 2;
}
