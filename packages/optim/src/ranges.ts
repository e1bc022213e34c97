import { show } from "@gradus/core";

/** The values an argument may have, and how an error message says so. */
export interface Range {
  /** The sentence after the argument's name: `must be in [0, 1)`. */
  readonly says: string;
  admits(value: unknown): boolean;
}

const within = (says: string, test: (value: number) => boolean): Range => ({
  says,
  admits: (value) => typeof value === "number" && Number.isFinite(value) && test(value),
});

/** A finite number ≥ 0. */
export const nonNegative: Range = within("must be a finite number ≥ 0", (value) => value >= 0);

/** A finite number > 0. */
export const positive: Range = within("must be a finite number > 0", (value) => value > 0);

/** A number in [0, 1]. */
export const unit: Range = within("must be in [0, 1]", (value) => value >= 0 && value <= 1);

/** A number in [0, 1), as the decay of a running average. */
export const fraction: Range = within("must be in [0, 1)", (value) => value >= 0 && value < 1);

/** A whole number ≥ 0. */
export const count: Range = within(
  "must be a whole number ≥ 0",
  (value) => Number.isSafeInteger(value) && value >= 0,
);

/** A whole number ≥ 1. */
export const positiveCount: Range = within(
  "must be a whole number ≥ 1",
  (value) => Number.isSafeInteger(value) && value >= 1,
);

/** `true` or `false`. */
export const flag: Range = {
  says: "must be true or false",
  admits: (value) => typeof value === "boolean",
};

/** A learning rate: a finite number ≥ 0, or a schedule. */
export const rate: Range = {
  says: "must be a finite number ≥ 0 or a function of the step",
  admits: (value) => typeof value === "function" || nonNegative.admits(value),
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): Range {
  return {
    says: `must be ${words.map(show).join(" or ")}`,
    admits: (value) => (words as readonly unknown[]).includes(value),
  };
}
