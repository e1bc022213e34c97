/**
 * tan, asin, acos and atan.
 *
 * tan x is the quotient of sin and cos of the reduced argument, each in two parts (trigonometric.ts).
 *
 * atan x for 0 ≤ x ≤ 1: with c = the nearest multiple of 1/8, atan x = atan c + atan t, t = (x − c)/(1 + xc), |t| ≤ 1/10,
 * and atan t = t − t³/3 + t⁵/5 − … (Gregory 1671) up to t¹⁵. Above 1, atan x = π/2 − atan(1/x). asin and acos are arctangents:
 * asin x = atan(x/√(1 − x²)), and acos x = π/2 − asin x, or from |x| = ½ on 2 atan √((1 − x)/(1 + x)), in which 1 ± x is exact
 * where it is small.
 */

import { lowPart } from "./bits.ts";
import { cosReduced, reduce, reduced, sinReduced } from "./trigonometric.ts";

/** atan(k/8) for k = 0 … 8, each as a double and the rest. */
const ARCTANGENTS = [
  0, 0, 0.12435499454676144, -3.1253241424539383e-18, 0.24497866312686414, 1.0698755618734451e-17,
  0.35877067027057225, -2.4623815582638635e-17, 0.4636476090008061, 2.2698777452961687e-17,
  0.5585993153435624, -5.4556305485916264e-18, 0.6435011087932844, 1.5834785051444286e-17, 0.7188299996216245,
  -2.1478388444456983e-17, 0.7853981633974483, 3.061616997868383e-17,
];

const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

/** tan x, x in radians; NaN at ±∞. @example tan(1) // 1.5574077246549023 */
export function tan(x: number): number {
  if (Math.abs(x) < 1e-8) return x;
  if (!(Math.abs(x) < Infinity)) return NaN;
  const odd = (reduce(x) & 1) === 1;
  const s = sinReduced(reduced[0], reduced[1]);
  const sLow = lowPart[0];
  const c = cosReduced(reduced[0], reduced[1]);
  const cLow = lowPart[0];
  return odd ? -quotient(c, cLow, s, sLow) : quotient(s, sLow, c, cLow);
}

/** (n + nLow)/(d + dLow). */
function quotient(n: number, nLow: number, d: number, dLow: number): number {
  const q = n / d;
  return q + (nLow - q * dLow) / d;
}

/** The angle in [−π/2, π/2] whose tangent is x. @example atan(1) // 0.7853981633974483 */
export function atan(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  if (!(size > 1)) return Math.sign(x) * arctangent(size);
  const angle = HALF_PI - (arctangent(1 / size) - HALF_PI_LOW);
  return x < 0 ? -angle : angle;
}

/** atan x for 0 ≤ x ≤ 1. */
function arctangent(x: number): number {
  const k = x < 0.1 ? 0 : Math.round(8 * x); // 0.1, not 1/16: atan 1/8 − atan 1/16 would cancel
  const c = k / 8;
  const t = (x - c) / (1 + x * c);
  const u = t * t;
  const tail =
    u * (-1 / 3 + u * (1 / 5 + u * (-1 / 7 + u * (1 / 9 + u * (-1 / 11 + u * (1 / 13 - u / 15))))));
  return ARCTANGENTS[2 * k] + (t + (t * tail + ARCTANGENTS[2 * k + 1]));
}

/** The angle in [−π/2, π/2] whose sine is x; NaN for |x| > 1. @example asin(0.5) // 0.5235987755982989 */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  const root = Math.sqrt((1 - x) * (1 + x));
  const angle = atan(x / root);
  // One step of Newton's method removes the errors of root and quotient; sin is given in two parts up to π/4.
  return size < 0.7 ? angle + (x - sinReduced(angle, 0) - lowPart[0]) / root : angle;
}

/** The angle in [0, π] whose cosine is x; NaN for |x| > 1. @example acos(0.5) // 1.0471975511965979 */
export function acos(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) return HALF_PI - (asin(x) - HALF_PI_LOW);
  const angle = 2 * arctangent(Math.sqrt((1 - size) / (1 + size)));
  return x < 0 ? 2 * HALF_PI - (angle - 2 * HALF_PI_LOW) : angle;
}
