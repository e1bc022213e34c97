/**
 * sin and cos.
 *
 * Method: x = n π/2 + r with |r| ≤ π/4, r as a sum of two doubles, then a polynomial in r² (from
 * `test/fixtures/math/coefficients.py`). Below 2²⁰ · π/2, n π/2 is subtracted in four parts of π/2, the first three of
 * 33 bits so that n times them is exact (Cody and Waite, 1980). Above, x and π/2 are bigints in units of 2⁻¹²³², and the
 * remainder has 192 bits after the point: the smallest distance of a double from a multiple of π/2 is 2⁻⁶¹.
 *
 * Largest errors measured: sin 0.77 ulp, cos 0.79 ulp (docs/accuracy.md).
 */

import { lowPart, ROUND_TO_INTEGER } from "./bits.ts";
import { FRACTION_BITS, toDouble, toFixedPoint } from "./fixed-point.ts";
import { HALF_PI_BITS, halfPi } from "./half-pi.ts";

const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;

/** r and its rest, written by the two reductions (both return n modulo 4). */
export const reduced: Float64Array = new Float64Array(2);

function reduceModerate(x: number): number {
  const n = x * TWO_OVER_PI + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const a = x - n * HALF_PI_1;
  const b = n * HALF_PI_2;
  const first = a - b;
  const firstBack = first - a;
  const firstLost = a - (first - firstBack) - (b + firstBack);
  const c = n * HALF_PI_3;
  const second = first - c;
  const secondBack = second - first;
  const secondLost = first - (second - secondBack) - (c + secondBack);
  const rest = firstLost + secondLost - n * HALF_PI_4;
  const r = second + rest;
  reduced[0] = r;
  reduced[1] = second - r + rest;
  return n & 3;
}

const TWO_TO_32 = 4294967296;

function reduceHuge(x: number): number {
  const size = Math.abs(x);
  const whole = Math.floor(size);
  // |x| · 2^HALF_PI_BITS: a double of this size has at most 32 bits after the point.
  const exact = ((BigInt(whole) << 32n) + BigInt((size - whole) * TWO_TO_32)) << (HALF_PI_BITS - 32n);
  const quarter = halfPi();
  const n = (2n * exact + quarter) / (2n * quarter);
  const rest = (exact - n * quarter) >> (HALF_PI_BITS - FRACTION_BITS);
  const r = toDouble(rest);
  const sign = x < 0 ? -1 : 1;
  reduced[0] = sign * r;
  reduced[1] = sign * toDouble(rest - toFixedPoint(r));
  return (sign * Number(n & 3n)) & 3;
}

const S0 = -0.16666666666666666;
const S1 = 0.008333333333333331;
const S2 = -0.0001984126984126506;
const S3 = 2.7557319219335453e-6;
const S4 = -2.5052106231157904e-8;
const S5 = 1.605853141458901e-10;
const S6 = -7.586685070091267e-13;
const K0 = 0.041666666666666664;
const K1 = -0.0013888888888887395;
const K2 = 2.4801587298763433e-5;
const K3 = -2.7557317270560326e-7;
const K4 = 2.0876146024689747e-9;
const K5 = -1.1382614868556325e-11;

/** sin(r + rest) for |r| ≤ π/4; its rounding error goes to `lowPart[0]`. */
export function sinReduced(r: number, rest: number): number {
  const u = r * r;
  const u2 = u * u;
  const s = S0 + u * S1 + u2 * (S2 + u * S3 + u2 * (S4 + u * S5 + u2 * S6));
  // cos r · rest, to first order.
  const tail = u * r * s + (rest - 0.5 * u * rest);
  const out = r + tail;
  lowPart[0] = r - out + tail;
  return out;
}

/** cos(r + rest) for |r| ≤ π/4; its rounding error goes to `lowPart[0]`. */
export function cosReduced(r: number, rest: number): number {
  const u = r * r;
  const u2 = u * u;
  const c = K0 + u * K1 + u2 * (K2 + u * K3 + u2 * (K4 + u * K5));
  const half = 0.5 * u;
  const one = 1 - half;
  const tail = 1 - one - half + (u2 * c - r * rest);
  const out = one + tail;
  lowPart[0] = one - out + tail;
  return out;
}

/** sin for quarter 0, cos for 1, −sin for 2, −cos for 3, of the reduced argument. */
function quarterWave(quarter: number): number {
  const value = (quarter & 1) === 0 ? sinReduced(reduced[0], reduced[1]) : cosReduced(reduced[0], reduced[1]);
  return (quarter & 2) === 0 ? value : -value;
}

/** 2²⁰ · π/2; for larger |x| the four-part reduction loses bits. */
const LARGEST_MODERATE = 1647099;

/** Writes x − n π/2, of at most π/4, to `reduced` and returns n modulo 4, for finite x. */
export function reduce(x: number): number {
  return Math.abs(x) < LARGEST_MODERATE ? reduceModerate(x) : reduceHuge(x);
}

/** sin x, x in radians; NaN at ±∞. @example sin(1e22) // -0.8522008497671888 */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (size < 0.785) return size < 1e-8 ? x : sinReduced(x, 0);
  return size < Infinity ? quarterWave(reduce(x)) : NaN;
}

/** cos x, x in radians; NaN at ±∞. @example cos(1e22) // 0.5232147853951389 */
export function cos(x: number): number {
  const size = Math.abs(x);
  if (size < 0.785) return cosReduced(x, 0);
  return size < Infinity ? quarterWave(reduce(x) + 1) : NaN;
}
