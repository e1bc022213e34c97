import { ArgumentError, check, noMore, type Range, ranges, resolveOptions, show } from "@gradus/core";
import { anObject, checkMoments, type Moments } from "./net-input.ts";

/** Options of {@link fixedPoint}. */
export interface FixedPointOptions {
  /** The first moments of the iteration. Default { mean: 0, variance: 1 }. */
  readonly start?: Moments;
  /**
   * Iteration ends when a step changes the variance by at most this share of it, and the mean by this share of the
   * standard deviation. Default 1e-13.
   */
  readonly tolerance?: number;
  /** The largest number of steps. Default 10,000. */
  readonly steps?: number;
}

const defaults: Required<FixedPointOptions> = {
  start: { mean: 0, variance: 1 },
  tolerance: 1e-13,
  steps: 10_000,
};

const allowed: Record<keyof FixedPointOptions, Range> = {
  start: anObject("{ mean, variance }"),
  tolerance: {
    says: "must be between 0 and 1",
    admits: (value) => typeof value === "number" && value > 0 && value < 1,
  },
  steps: ranges.positiveCount,
};

/**
 * The fixed point of the moments of a deep net: applies a map such as `seluMoments` until its result is constant.
 *
 * The remaining error is the last step divided by 1 − ρ, where ρ is the factor by which a step reduces the distance: at
 * (0, 1) of SELU, ρ = 0.783. A variance that tends to 0 is followed down to about the tolerance squared.
 *
 * Klambauer et al. 2017, theorem 1 ("Stable and Attracting Fixed Points").
 *
 * @throws ArgumentError if it does not converge in `steps` steps, if the map returns numbers that are not finite, or for
 *   bad options.
 * @example
 * const weights = { sum: 0, squareSum: 1.25 };
 * fixedPoint((moments) => seluMoments(moments, weights)); // { mean: 0.152, variance: 2.179 }
 */
export function fixedPoint(
  map: (moments: Moments) => Moments,
  options: FixedPointOptions = {},
  ...extra: readonly undefined[]
): Moments {
  noMore("fixedPoint", "map, options", extra);
  check("fixedPoint", "map", map, ranges.callable);
  const { start, tolerance, steps } = resolveOptions<Required<FixedPointOptions>>(
    "fixedPoint",
    options,
    defaults,
    allowed,
  );
  checkMoments("fixedPoint", "start", start);
  let now = start;
  let meanStep = 0;
  let varianceStep = 0;
  for (let step = 1; step <= steps; step++) {
    const next = map(now);
    check("fixedPoint", "what map returns", next, allowed.start);
    if (!(Number.isFinite(next.mean) && Number.isFinite(next.variance) && next.variance >= 0)) {
      throw new ArgumentError(
        `fixedPoint: step ${step} led to mean ${show(next.mean)} and variance ${show(next.variance)}; ` +
          "take a start nearer to the fixed point, or a map that does not diverge",
      );
    }
    const scale = Math.max(next.variance, tolerance);
    meanStep = Math.abs(next.mean - now.mean);
    varianceStep = Math.abs(next.variance - now.variance);
    now = next;
    if (varianceStep <= tolerance * scale && meanStep <= tolerance * Math.sqrt(scale)) return now;
  }
  throw new ArgumentError(
    `fixedPoint: no convergence in ${steps} steps, of which the last changed the mean by ${meanStep} and the ` +
      `variance by ${varianceStep}; take more steps, a larger tolerance or another start`,
  );
}
