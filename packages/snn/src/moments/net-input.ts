import { ArgumentError, check, type Range, ranges } from "@gradus/core";

/** Mean and variance of a random number, such as a unit's activation over all inputs of a net. */
export interface Moments {
  readonly mean: number;
  /** At least 0. */
  readonly variance: number;
}

/** What the moments of a layer depend on of a unit's weights w₁ … wₙ. */
export interface WeightMoments {
  /** ω = Σ wᵢ, n times the mean of the weights. */
  readonly sum: number;
  /** τ = Σ wᵢ², n times the mean of their squares. At least 0. */
  readonly squareSum: number;
}

/** ω = 0 and τ = 1: normalized weights, which a LeCun initializer gives on average. */
export const NORMALIZED: WeightMoments = { sum: 0, squareSum: 1 };

/**
 * The moments of a unit's net input z = Σ wᵢxᵢ for independent xᵢ of mean μ and variance ν: mean μω, variance ντ. As a
 * sum of many terms z is nearly normal, which is all that the theory assumes.
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

/** Refuses anything but a finite mean with a finite variance ≥ 0. */
export function checkMoments(who: string, name: string, moments: Moments): void {
  check(who, name, moments, anObject("{ mean, variance }"));
  check(who, `${name}.mean`, moments.mean, ranges.finite);
  check(who, `${name}.variance`, moments.variance, ranges.nonNegative);
}

/** An object of this form; it may have other members besides. */
export function anObject(form: string): Range {
  return {
    says: `must be an object ${form}`,
    admits: (value) => typeof value === "object" && value !== null,
  };
}
