import { ArgumentError, check, type Range, ranges } from "@gradus/core";

/** Mean and variance of a random number, such as the activation of a unit over all inputs of a net. */
export interface Moments {
  readonly mean: number;
  /** At least 0. */
  readonly variance: number;
}

/** The sums over the weights w₁ … wₙ of a unit that the moments of a layer depend on. */
export interface WeightMoments {
  /** ω = Σ wᵢ, n times the mean of the weights. */
  readonly sum: number;
  /** τ = Σ wᵢ², n times the mean of their squares. At least 0. */
  readonly squareSum: number;
}

/** ω = 0 and τ = 1: normalized weights, the average of a LeCun initializer. */
export const NORMALIZED: WeightMoments = { sum: 0, squareSum: 1 };

/**
 * The moments of the net input z = Σ wᵢxᵢ of a unit for independent xᵢ of mean μ and variance ν: mean μω, variance ντ. The
 * theory assumes only that z is normal, which a sum of many terms nearly is.
 *
 * @throws ArgumentError for numbers that are not finite, a negative variance or square sum, or an overflow.
 */
export function netInput(who: string, input: Moments, weights: WeightMoments): Moments {
  checkMoments(who, "input", input);
  check(who, "weights", weights, anObject("{ sum, squareSum }"));
  check(who, "weights.sum", weights.sum, ranges.finite);
  check(who, "weights.squareSum", weights.squareSum, ranges.nonNegative);
  const mean = input.mean * weights.sum;
  const variance = input.variance * weights.squareSum;
  if (!Number.isFinite(mean) || !Number.isFinite(variance)) {
    throw new ArgumentError(
      `${who}: the net input has mean ${mean} and variance ${variance}; take a smaller input or smaller weights`,
    );
  }
  return { mean, variance };
}

/** Throws unless the mean is finite and the variance finite and ≥ 0. */
export function checkMoments(who: string, name: string, moments: Moments): void {
  check(who, name, moments, anObject("{ mean, variance }"));
  check(who, `${name}.mean`, moments.mean, ranges.finite);
  check(who, `${name}.variance`, moments.variance, ranges.nonNegative);
}

/** An object of this form, possibly with more members. */
export function anObject(form: string): Range {
  return {
    says: `must be an object ${form}`,
    admits: (value) => typeof value === "object" && value !== null,
  };
}
