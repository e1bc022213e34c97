/**
 * log and log1p; log-in-two-parts.ts has the logarithm in two parts that pow needs.
 *
 * Method (tables of inverses after Tang, "Table-driven implementation of the logarithm function in IEEE
 * floating-point arithmetic", ACM TOMS 16, 1990): x = 2ᵏ z with z in [0.6875, 1.375), q ≈ 1/z from a table of 128,
 * r = z q − 1 computed exactly by splitting z, so |r| < 2⁻⁷; ln x = k ln 2 − ln q + ln(1 + r), and
 * ln(1 + r) = r − r²/2 + r³ L(r) with L of degree 6 from `test/fixtures/math/coefficients.py`. k ln 2 − ln q is exact
 * in its leading part, and exactly 0 on both sides of x = 1, so no cancellation is left there.
 *
 * Largest errors measured: log 0.51 ulp, log1p 0.51 ulp (docs/accuracy.md).
 */

import { highWord, POWER_BIAS, POWERS_OF_TWO } from "./bits.ts";
import { fillLogRow, LOG_TABLE } from "./log-table.ts";

export const LN2_HIGH = 0.6931471805598903;
export const LN2_LOW = 5.497923018708371e-14;
/** 1.5 · 2²²: adding and subtracting it rounds to a multiple of 2⁻³⁰. */
export const ROUND_TO_30_BITS = 6291456;
export const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** The high word of 0.6875, where the intervals begin. */
export const FIRST_HIGH_WORD = 0x3fe60000;

const L0 = 0.3333333333333333;
const L1 = -0.2499999999999997;
const L2 = 0.19999999999971255;
const L3 = -0.16666666672669658;
const L4 = 0.14285717956956825;
const L5 = -0.124999260660452;
const L6 = 0.10983051402131151;

/** L(r) = (ln(1 + r) − r + r²/2) / r³ for r in [−0.0042, 0.0079]. */
export function logTail(r: number): number {
  const r2 = r * r;
  return L0 + r * L1 + r2 * (L2 + r * L3 + r2 * (L4 + r * L5 + r2 * L6));
}

/** ln((x + rest) · 2^−shift) for a normal positive x and a rest below its last place. */
function logOfSum(x: number, rest: number, shift: number): number {
  const offset = highWord(x) - FIRST_HIGH_WORD;
  const k = offset >> 20;
  const row = 3 * ((offset >> 13) & 127);
  const inverse = LOG_TABLE[row];
  if (inverse === 0) {
    fillLogRow(row);
    return logOfSum(x, rest, shift);
  }
  const scale = POWERS_OF_TWO[POWER_BIAS - k];
  const z = x * scale;
  const zHigh = z + ROUND_TO_30_BITS - ROUND_TO_30_BITS;
  const a = zHigh * inverse - 1;
  const b = (z - zHigh + rest * scale) * inverse;
  const r = a + b;
  const rLost = a - r + b;
  const e = k - shift;
  const whole = e * LN2_HIGH + LOG_TABLE[row + 1];
  const sum = whole + r;
  const sumLost = whole - sum + r;
  return sum + (sumLost + (rLost + (e * LN2_LOW + LOG_TABLE[row + 2])) + r * r * (r * logTail(r) - 0.5));
}

/** ln x, the natural logarithm; −∞ at ±0, NaN below 0. @example log(10) // 2.302585092994046 */
export function log(x: number): number {
  if (x >= SMALLEST_NORMAL && x < Infinity) return logOfSum(x, 0, 0);
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  return x < Infinity ? logOfSum(x * POWERS_OF_TWO[POWER_BIAS + 54], 0, 54) : x;
}

/** ln(1 + x), without cancellation near 0; −∞ at −1, NaN below −1. @example log1p(1e-20) // 1e-20 */
export function log1p(x: number): number {
  if (x > -0.0039 && x < 0.0078) return x === 0 ? x : x + x * x * (x * logTail(x) - 0.5);
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN;
  const u = 1 + x;
  const back = u - x;
  return logOfSum(u, 1 - back + (x - (u - back)), 0);
}
