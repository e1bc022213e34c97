import { ArgumentError, formatShape, Rng, type Shape, ShapeError, show } from "@gradus/core";

// What constructors, initializers and ops refuse alike. `what` names the argument, with who was called in front
// where nobody else adds that: "Dropout: p" in a constructor, "p" in an op.

/** Refuses anything but a whole number ≥ 1. */
export function checkSize(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ArgumentError(`${what} must be a whole number ≥ 1, got ${show(value)}`);
  }
}

/** Refuses NaN, infinities and what is not a number. */
export function checkFinite(what: string, value: number): void {
  if (!Number.isFinite(value)) throw new ArgumentError(`${what} must be a finite number, got ${show(value)}`);
}

/** Refuses anything but a finite number ≥ 0. */
export function checkNotNegative(what: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new ArgumentError(`${what} must be a finite number ≥ 0, got ${show(value)}`);
  }
}

/** Refuses anything but a number in [0, 1]: probabilities and weights. */
export function checkUnit(what: string, value: number): void {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw new ArgumentError(`${what} must be in [0, 1], got ${show(value)}`);
  }
}

/** Refuses a range that is empty or not finite. */
export function checkRange(what: string, low: number, high: number): void {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new ArgumentError(`${what} must be finite and in this order, got ${show(low)} and ${show(high)}`);
  }
}

/** Refuses anything but a random stream. */
export function checkRng(what: string, rng: Rng): void {
  if (!(rng instanceof Rng)) {
    throw new ArgumentError(`${what} must be a random stream from createRng(seed), got ${show(rng)}`);
  }
}

/** Refuses an input whose shape a layer cannot take. */
export function checkInput(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}

/** Refuses anything but a whole number. */
export function checkAxis(what: string, value: number): void {
  if (!Number.isSafeInteger(value)) {
    throw new ArgumentError(`${what} must be a whole number, got ${show(value)}`);
  }
}
