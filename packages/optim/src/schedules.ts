import { check, math, noMore, type Range, ranges } from "@gradus/core";
import { integerPower } from "./power.ts";
import { rate as rateRange } from "./rule.ts";
import { refuseUncalled, resolve, scheduleOf } from "./schedule-options.ts";

/**
 * The learning rate of each step. `step` is the number of steps so far: 0 for the first one.
 *
 * A schedule has no state, so resumed training gets the same rates. Any function works. For lengths in epochs, convert
 * them to steps: `epochs * Math.ceil(samples / batchSize)`.
 *
 * @example
 * new SGD(parameters, { learningRate: warmUp(cosineDecay(0.1, { steps: 5000 }), 500) });
 */
export type Schedule = (step: number) => number;

/** Always the same rate. @example constantRate(0.01); */
export function constantRate(rate: number, ...extra: readonly undefined[]): Schedule {
  noMore("constantRate", "rate", extra);
  check("constantRate", "rate", rate, ranges.nonNegative);
  return scheduleOf("constantRate", () => rate);
}

/**
 * rate · factorᵏ, k = ⌊step / every⌋: multiplied by `factor` (default 0.1, as PyTorch's StepLR) every `every` steps.
 *
 * @example stepDecay(0.1, { every: 1000, factor: 0.5 });
 */
export function stepDecay(
  rate: number,
  options: {
    /** Steps from one change to the next, a whole number ≥ 1. */
    every: number;
    /** The rate is multiplied by it, ≥ 0. Default 0.1, as PyTorch's StepLR. */
    factor?: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("stepDecay", "rate, options", extra);
  const { every, factor } = resolve("stepDecay", rate, options, {
    defaults: { factor: 0.1 },
    ranges: { every: ranges.positiveCount, factor: ranges.nonNegative },
  });
  return scheduleOf("stepDecay", (step) => rate * integerPower(factor, Math.floor(step / every)));
}

/**
 * rate · factorᵏ, where k is the number of milestones `at` ≤ step: whole numbers ≥ 0 in increasing order. Default factor
 * 0.1, as PyTorch's MultiStepLR.
 *
 * @example multiStepDecay(0.1, { at: [3000, 8000] });
 */
export function multiStepDecay(
  rate: number,
  options: {
    /** The milestones: whole numbers ≥ 0 in increasing order. */
    at: readonly number[];
    /** The rate is multiplied by it, ≥ 0. Default 0.1, as PyTorch's MultiStepLR. */
    factor?: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("multiStepDecay", "rate, options", extra);
  const growing: Range = {
    says: "must be a list of whole numbers ≥ 0, each larger than the one before",
    admits: (at) =>
      Array.isArray(at) &&
      Array.from(at, (s, i) => ranges.count.admits(s) && (i === 0 || s > at[i - 1])).every(Boolean),
  };
  const { at, factor } = resolve("multiStepDecay", rate, options, {
    defaults: { factor: 0.1 },
    ranges: { at: growing, factor: ranges.nonNegative },
  });
  const milestones = [...at];
  return scheduleOf(
    "multiStepDecay",
    (step) => rate * integerPower(factor, milestones.filter((milestone) => milestone <= step).length),
  );
}

/**
 * rate · factor^(step / every). PyTorch's ExponentialLR has `every` 1 (the default here), Keras' ExponentialDecay calls
 * it `decay_steps`.
 *
 * @example exponentialDecay(0.1, { factor: 0.96, every: 1000 });
 */
export function exponentialDecay(
  rate: number,
  options: {
    /** The rate is multiplied by it in each `every` steps, > 0. */
    factor: number;
    /** Steps in which the factor is applied once, a whole number ≥ 1. Default 1, as PyTorch's ExponentialLR. */
    every?: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("exponentialDecay", "rate, options", extra);
  const { factor, every } = resolve("exponentialDecay", rate, options, {
    defaults: { every: 1 },
    ranges: { factor: ranges.positive, every: ranges.positiveCount },
  });
  return scheduleOf("exponentialDecay", (step) => rate * math.pow(factor, step / every));
}

/** rate / (1 + decay·step): the `decay` of Keras 2's optimizers. @example inverseTimeDecay(0.01, { decay: 1e-4 }); */
export function inverseTimeDecay(
  rate: number,
  options: {
    /** What the divisor of the rate grows by in each step, ≥ 0. */
    decay: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("inverseTimeDecay", "rate, options", extra);
  const { decay } = resolve("inverseTimeDecay", rate, options, {
    defaults: {},
    ranges: { decay: ranges.nonNegative },
  });
  return scheduleOf("inverseTimeDecay", (step) => rate / (1 + decay * step));
}

/**
 * Linear from `rate` to `to` (default 0) in `steps` steps, then constant.
 *
 * @example linearDecay(0.1, { steps: 1000 });
 */
export function linearDecay(
  rate: number,
  options: {
    /** Steps until the last rate, a whole number ≥ 1. */
    steps: number;
    /** The last rate, ≥ 0. Default 0. */
    to?: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("linearDecay", "rate, options", extra);
  const { steps, to } = resolve("linearDecay", rate, options, {
    defaults: { to: 0 },
    ranges: { steps: ranges.positiveCount, to: ranges.nonNegative },
  });
  return scheduleOf("linearDecay", (step) => (step >= steps ? to : rate + (to - rate) * (step / steps)));
}

/**
 * From `rate` to `to` (default 0) in `steps` steps as to + (rate − to)·(1 − step/steps)^power, then constant. Default power
 * 1, as PyTorch's PolynomialLR and Keras' PolynomialDecay (whose `end_learning_rate` is 0.0001).
 *
 * @example polynomialDecay(0.1, { steps: 1000, power: 2 });
 */
export function polynomialDecay(
  rate: number,
  options: {
    /** Steps until the last rate, a whole number ≥ 1. */
    steps: number;
    /** The last rate, ≥ 0. Default 0. */
    to?: number;
    /** > 0; 1 is linear. Default 1, as PyTorch's PolynomialLR and Keras' PolynomialDecay. */
    power?: number;
  },
  ...extra: readonly undefined[]
): Schedule {
  noMore("polynomialDecay", "rate, options", extra);
  const { steps, to, power } = resolve("polynomialDecay", rate, options, {
    defaults: { to: 0, power: 1 },
    ranges: { steps: ranges.positiveCount, to: ranges.nonNegative, power: ranges.positive },
  });
  return scheduleOf("polynomialDecay", (step) =>
    step >= steps ? to : to + (rate - to) * math.pow(1 - step / steps, power),
  );
}

/**
 * Linear warm-up for `steps` steps, then the schedule from its step 0 (Goyal et al. 2017, Accurate, Large Minibatch SGD,
 * section 2.2): schedule(0)·(step + 1) / (steps + 1), then schedule(step − steps). The first rate is above 0.
 *
 * @param schedule a schedule, or a number for a constant rate.
 * @example warmUp(cosineDecay(0.1, { steps: 4500 }), 500);
 */
export function warmUp(schedule: Schedule | number, steps: number, ...extra: readonly undefined[]): Schedule {
  noMore("warmUp", "schedule, steps", extra);
  check("warmUp", "schedule", schedule, rateRange);
  if (steps === undefined) refuseUncalled("warmUp(0.1, steps)", "warmUp");
  check("warmUp", "steps", steps, ranges.count);
  const after = typeof schedule === "number" ? constantRate(schedule) : schedule;
  return scheduleOf("warmUp", (step) =>
    step < steps ? (after(0) * (step + 1)) / (steps + 1) : after(step - steps),
  );
}
