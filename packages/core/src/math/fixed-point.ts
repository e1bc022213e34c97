/**
 * Fixed-point numbers, for tables that are computed on first use: a bigint x stands for x · 2⁻¹⁹². Whole numbers have the
 * same results in every JavaScript engine. 192 bits are enough for doubles that are correct to the last bit (the tests
 * compare each with a value of 60 digits).
 */

import { POWER_BIAS, POWERS_OF_TWO } from "./bits.ts";

/** Number of bits after the binary point. */
export const FRACTION_BITS = 192n;

/** x·y, rounded down. */
export function multiply(x: bigint, y: bigint): bigint {
  return (x * y) >> FRACTION_BITS;
}

/** x/y, rounded towards 0. The quotient of two whole numbers is a fixed-point number too. */
export function divide(x: bigint, y: bigint): bigint {
  return (x << FRACTION_BITS) / y;
}

/** The nearest double: `Number` rounds to it, and scaling by a power of two is exact. */
export function toDouble(x: bigint): number {
  return Number(x) * POWERS_OF_TWO[POWER_BIAS - Number(FRACTION_BITS)];
}

/** A double as a fixed-point number, exact if it has no bits beyond 2⁻¹⁹². */
export function toFixedPoint(x: number): bigint {
  return BigInt(x * POWERS_OF_TWO[POWER_BIAS + Number(FRACTION_BITS)]);
}

/** Writes x into `table` in two parts: at `place` a multiple of 2⁻⁴², which has few bits, and after it the rest. */
export function storeInTwoParts(x: bigint, table: Float64Array, place: number): void {
  const shift = FRACTION_BITS - 42n;
  const high = ((x + (1n << (shift - 1n))) >> shift) << shift;
  table[place] = toDouble(high);
  table[place + 1] = toDouble(x - high);
}

/** ln(a/b) = 2 artanh z = 2 (z + z³/3 + z⁵/5 + …) with z = (a − b)/(a + b); quick when a and b are close. */
export function logOfRatio(a: bigint, b: bigint): bigint {
  const z = divide(a - b, a + b);
  const square = multiply(z, z);
  let sum = 0n;
  let power = 2n * z;
  for (let n = 1n; power / n !== 0n; n += 2n) {
    sum += power / n;
    power = multiply(power, square);
  }
  return sum;
}
