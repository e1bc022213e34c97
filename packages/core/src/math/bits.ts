/**
 * Bit views of a double and exact powers of two, shared by the elementary functions. The byte order of the machine, little-
 * or big-endian, is found once.
 */

const doubles: Float64Array = new Float64Array(1);
const words: Int32Array = new Int32Array(doubles.buffer);
doubles[0] = 1;
const HIGH: number = words[1] === 0 ? 0 : 1;

/** The sign, the exponent and the top 20 bits of the fraction of x, as a signed 32-bit integer. */
export function highWord(x: number): number {
  doubles[0] = x;
  return words[HIGH];
}

/** The double with the given halves; both are taken modulo 2³². */
export function fromWords(high: number, low: number): number {
  words[HIGH] = high;
  words[1 - HIGH] = low;
  return doubles[0];
}

/** `POWERS_OF_TWO[k + POWER_BIAS]` is 2ᵏ, for k from −1074 to 1023. */
export const POWERS_OF_TWO: Float64Array = new Float64Array(2098);
/** The index of 2⁰ in `POWERS_OF_TWO`. */
export const POWER_BIAS = 1074;

POWERS_OF_TWO[0] = Number.MIN_VALUE;
for (let i = 1; i < POWERS_OF_TWO.length; i++) POWERS_OF_TWO[i] = 2 * POWERS_OF_TWO[i - 1];

/** The second part of the results of the functions named `…InTwoParts`: sums more exact than a double. */
export const lowPart: Float64Array = new Float64Array(1);

/** 2²⁷ + 1: multiplying by it splits a double into two halves (Dekker 1971). */
export const SPLIT = 134217729;

/** 1.5 · 2⁵²: adding and subtracting it rounds |x| < 2⁵¹ to the nearest integer, ties to even. */
export const ROUND_TO_INTEGER = 6755399441055744;

/** The largest power of two ≤ x, for x > 0; the smallest double if x is subnormal. @example powerOfTwo(10) // 8 */
export function powerOfTwo(x: number): number {
  return Math.max(fromWords(highWord(x) & 0x7ff00000, 0), Number.MIN_VALUE);
}
