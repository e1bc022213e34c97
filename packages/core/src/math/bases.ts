/**
 * exp2, log2, log10 and cbrt, from the logarithm in two parts. Powers of 2 and 10 give whole logarithms, cubes give whole
 * roots.
 */

import { lowPart, SPLIT } from "./bits.ts";
import { expOfSum } from "./exp.ts";
import { logInTwoParts } from "./log-in-two-parts.ts";
import { pow } from "./pow.ts";

/** 1/ln 2 and 1/ln 10: the first 26 bits, and the rest. */
const LOG2E = [1.4426950216293335, 1.9259629911266175e-8] as const;
const LOG10E = [0.4342944771051407, 4.798111141615973e-9] as const;

/** 2ˣ. @example exp2(0.5) // 1.4142135623730951 */
export function exp2(x: number): number {
  return pow(2, x);
}

/** The logarithm to base 2; −∞ at ±0, NaN below. @example log2(8) // 3 */
export function log2(x: number): number {
  return scaledLog(x, LOG2E);
}

/** The logarithm to base 10; −∞ at ±0, NaN below. @example log10(1000) // 3 */
export function log10(x: number): number {
  return scaledLog(x, LOG10E);
}

function scaledLog(x: number, [scale, scaleLow]: readonly [number, number]): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const high = logInTwoParts(x);
  const low = lowPart[0];
  const split = high * SPLIT;
  const a = split - (split - high);
  // a·scale has at most 52 bits: it is exact.
  const first = a * scale;
  return first + ((high - a + low) * scale + (high + low) * scaleLow);
}

/** The cube root: e^(⅓ ln |x|) with the sign of x. @example cbrt(-27) // -3 */
export function cbrt(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  const high = logInTwoParts(size);
  const low = lowPart[0];
  const third = high / 3;
  const twice = 2 * third;
  const triple = twice + third;
  const tripleLost = twice - triple + third;
  const out = expOfSum(third, (high - triple - tripleLost + low) / 3);
  return x < 0 ? -out : out;
}
