import { ArgumentError, show } from "@gradus/core";

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
