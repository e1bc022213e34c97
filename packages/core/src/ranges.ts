import { show } from "./shape.ts";

/**
 * The values that an argument may have, and how an error message says so.
 *
 * @example
 * const even: Range = { says: "must be an even number", admits: (value) => Number(value) % 2 === 0 };
 */
export interface Range {
  /** The sentence after the argument's name: `must be in [0, 1)`. */
  readonly says: string;
  admits(value: unknown): boolean;
}

const within = (says: string, test: (value: number) => boolean): Range => ({
  says,
  admits: (value) => typeof value === "number" && Number.isFinite(value) && test(value),
});

/** A finite number. */
export const finite: Range = within("must be a finite number", () => true);

/** A finite number ≥ 0. */
export const nonNegative: Range = within("must be a finite number ≥ 0", (value) => value >= 0);

/** A finite number > 0. */
export const positive: Range = within("must be a finite number > 0", (value) => value > 0);

/** A number in [0, 1]. */
export const unit: Range = within("must be in [0, 1]", (value) => value >= 0 && value <= 1);

/** A number in [0, 1), as the decay of a running average. */
export const fraction: Range = within("must be in [0, 1)", (value) => value >= 0 && value < 1);

/** A whole number. */
export const whole: Range = within("must be a whole number", Number.isSafeInteger);

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

/** A text. */
export const text: Range = {
  says: "must be a string",
  admits: (value) => typeof value === "string",
};

/** A function. */
export const callable: Range = {
  says: "must be a function",
  admits: (value) => typeof value === "function",
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): Range {
  return {
    says: `must be ${words.map(show).join(" or ")}`,
    admits: (value) => (words as readonly unknown[]).includes(value),
  };
}

/** The values of another range, or nothing: for an option that may be left out and has no default. */
export function optional({ says, admits }: Range): Range {
  return { says, admits: (value) => value === undefined || admits(value) };
}
