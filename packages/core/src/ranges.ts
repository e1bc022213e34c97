import { checks } from "./checks.ts";
import { tagOf } from "./tag.ts";

/**
 * The allowed values of an argument, and their description in error messages.
 *
 * @example const even: Range = { says: "must be an even number", admits: (x) => Number(x) % 2 === 0 };
 */
export interface Range {
  /** The text after the name of the argument: `must be in [0, 1)`. */
  readonly says: string;
  admits(value: unknown): boolean;
  /** The way out for a value that is not admitted, as the end of the message; undefined if there is none. */
  hint?(value: unknown): string | undefined;
}

/** Whether a value is an array whose elements all pass. A hole, which `every` leaves out, is an element `undefined`. */
export function isListOf(value: unknown, admits: (element: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!admits(value[i])) return false;
  return true;
}

/** A finite number. */
export const finite: Range = numbers("must be a finite number", () => true);
/** A finite number ≥ 0. */
export const nonNegative: Range = numbers("must be a finite number ≥ 0", (x) => x >= 0);
/** A finite number > 0. */
export const positive: Range = numbers("must be a finite number > 0", (x) => x > 0);
/** A number in [0, 1], as a probability. */
export const unit: Range = numbers("must be in [0, 1]", (x) => x >= 0 && x <= 1);
/** A number in [0, 1), as the decay of a running average. */
export const fraction: Range = numbers("must be in [0, 1)", (x) => x >= 0 && x < 1);
/** A number in (0, 1). */
export const openUnit: Range = numbers("must be in (0, 1)", (x) => x > 0 && x < 1);
/** A whole number. */
export const whole: Range = numbers("must be a whole number", (x) => Number.isSafeInteger(x));
/** A whole number ≥ 0. */
export const count: Range = numbers("must be a whole number ≥ 0", (x) => Number.isSafeInteger(x) && x >= 0);
/** A whole number ≥ 1. */
export const positiveCount: Range = numbers(
  "must be a whole number ≥ 1",
  (x) => Number.isSafeInteger(x) && x >= 1,
);
/** An array of whole numbers ≥ 0. */
export const counts: Range = {
  says: "must be an array of whole numbers ≥ 0",
  admits: (x) => isListOf(x, count.admits),
};
function isOrdered(pair: unknown): pair is readonly number[] {
  return Array.isArray(pair) && pair.every(Number.isFinite) && pair[0] <= pair[1];
}
/** A pair [low, high] of finite numbers with low ≤ high, whose difference is finite too. */
export const interval: Range = {
  says: "must be finite and in this order",
  admits: (pair) => isOrdered(pair) && Number.isFinite(pair[1] - pair[0]),
  hint: (pair) => (isOrdered(pair) ? "their difference is beyond 1.8e308" : undefined),
};
/** `true` or `false`. */
export const flag: Range = { says: "must be true or false", admits: (x) => typeof x === "boolean" };
/** A string. */
export const text: Range = { says: "must be a string", admits: (x) => typeof x === "string" };
/** A function, but not a class, which cannot be called. */
export const callable: Range = {
  says: "must be a function",
  admits: (x) => typeof x === "function" && !/^class\b/.test(Function.prototype.toString.call(x)),
};

/**
 * A function, where other frameworks take its name as text, too.
 *
 * @param says as in a {@link Range}: `must be a function such as selu`.
 * @param known the names of the functions that fit, for "did you mean".
 * @param hint the way out for other values that are often given.
 */
export function functionNamed(
  says: string,
  known: readonly string[],
  hint?: (value: unknown) => string | undefined,
): Range {
  return {
    says,
    admits: callable.admits,
    hint(value) {
      const near = typeof value === "string" ? checks.nearestName?.(value, known) : undefined;
      return near === undefined ? hint?.(value) : `did you mean the function ${near}, without quotes?`;
    },
  };
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Range {
  return {
    says: `must be ${words.map((word) => JSON.stringify(word)).join(" or ")}`,
    admits: (x) => words.some((word) => word === x),
  };
}

/** An object of a class, such as `instanceOf(Tensor, "must be a tensor")`. */
export function instanceOf(type: abstract new (...args: never) => unknown, says: string): Range {
  return { says, admits: (x) => x instanceof type };
}

/** A built-in object, such as "Uint32Array", also one of another window or worker. */
export function builtIn(kind: string): Range {
  return { says: `must be a ${kind}`, admits: (x) => tagOf(x) === kind };
}

/** Another range or undefined, for an option without a default that may be left out. */
export function optional(range: Range): Range {
  return { ...range, admits: (x) => x === undefined || range.admits(x) };
}

function numbers(says: string, test: (x: number) => boolean): Range {
  return { says, admits: (x) => typeof x === "number" && Number.isFinite(x) && test(x) };
}
