import {
  ArgumentError,
  check,
  formatShape,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  ShapeError,
  show,
} from "@gradus/core";

// For layers that do not take core's `check` yet. `what` is who was called and the argument: "Dropout: p".

/** Refuses anything but a whole number ≥ 1. */
export const checkSize = (what: string, value: number): void => check("", what, value, ranges.positiveCount);

/** Refuses NaN, infinities and what is not a number. */
export const checkFinite = (what: string, value: number): void => check("", what, value, ranges.finite);

/** Refuses anything but a finite number ≥ 0. */
export const checkNotNegative = (what: string, value: number): void =>
  check("", what, value, ranges.nonNegative);

/** Refuses anything but a number in [0, 1]: probabilities and weights. */
export const checkUnit = (what: string, value: number): void => check("", what, value, ranges.unit);

/** Refuses a range that is empty or not finite. */
export function checkRange(what: string, low: number, high: number): void {
  if (ranges.interval.admits([low, high])) return;
  throw new ArgumentError(`${what} ${ranges.interval.says}, got ${show(low)} and ${show(high)}`);
}

/** Refuses anything but a random stream. */
export const checkRng = (what: string, rng: Rng): void => check("", what, rng, randomStream);

/** Refuses anything but a whole number. */
export const checkAxis = (what: string, value: number): void => check("", what, value, ranges.whole);

/** Refuses an input whose shape a layer cannot take. */
export function checkInput(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}
