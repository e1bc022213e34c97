/**
 * sin and cos.
 *
 * Method: x = n π/2 + r with |r| ≤ π/4, r as a sum of two doubles, then a polynomial in r² (from
 * `test/fixtures/math/coefficients.py`). Below 2²⁰ · π/2, n π/2 is subtracted in four parts of π/2, the first three of
 * 33 bits so that n times them is exact (Cody and Waite, 1980). Above, the fraction of x · 2/π is computed from those
 * of the first 1200 bits of 2/π that matter (Payne and Hanek, "Radian reduction for trigonometric functions", ACM
 * SIGNUM Newsletter 18, 1983), in digits of 24 bits whose products doubles hold exactly.
 *
 * Largest errors measured: sin 0.77 ulp, cos 0.79 ulp (docs/accuracy.md).
 */

import { fromWords, highWord, lowWord, ROUND_TO_INTEGER } from "./bits.ts";
import { fillTwoOverPi, TWO_OVER_PI } from "./two-over-pi.ts";

const TWO_OVER_PI_NEAREST = 0.6366197723675814;
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;

/** r and its rest, left here by the two reductions (both return n modulo 4). */
const reduced: Float64Array = new Float64Array(2);

function reduceModerate(x: number): number {
  const n = x * TWO_OVER_PI_NEAREST + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
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

/** 2²⁴, the base of the digits below. */
const BASE = 16777216;
const INVERSE_BASE = 1 / BASE;
/** Digits of x · 2/π that are kept: the integer one and seven of the fraction. */
const KEPT = 8;
const digits: Float64Array = new Float64Array(KEPT);
const significand: Float64Array = new Float64Array(4);
/** 2⁷², 2⁴⁸, 2²⁴ and 1: the weights of the four digits of M. */
const DIGIT_UNITS: Float64Array = new Float64Array([BASE * BASE * BASE, BASE * BASE, BASE, 1]);
/** 2⁻⁷² and 2⁻¹²⁰. */
const INVERSE_BASE_3 = INVERSE_BASE * INVERSE_BASE * INVERSE_BASE;
const INVERSE_BASE_5 = INVERSE_BASE_3 * INVERSE_BASE * INVERSE_BASE;

const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
/** 2²⁷ + 1: multiplying by it splits a double into halves (Dekker). */
const SPLIT = 134217729;
const HALF_PI_TOP = 1.5707963407039642;
const HALF_PI_BOTTOM = -1.3909067675399456e-8;

function reduceHuge(x: number): number {
  const high = highWord(x);
  const low = lowWord(x);
  // |x| = M · 2^(24 place), M an integer of at most 77 bits, in four digits: x = (53-bit integer) · 2^exponent.
  const exponent = ((high >> 20) & 2047) - 1075;
  const place = Math.floor(exponent / 24);
  let rest = fromWords((high & 0xfffff) | ((exponent - 24 * place + 1075) << 20), low);
  for (let i = 0; i < 4; i++) {
    const unit = DIGIT_UNITS[i];
    significand[i] = Math.floor(rest / unit);
    rest -= significand[i] * unit;
  }
  if (TWO_OVER_PI[0] === 0) fillTwoOverPi();
  // Digit w of the product collects M_i C_(w − i) and has the weight 2^(24 (place + 2 − w)); those of weight 2^24 and
  // more are multiples of 4 and left out.
  const begin = place + 2;
  for (let d = 0; d < KEPT; d++) {
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      const j = begin + d - i;
      if (j >= 0 && j < TWO_OVER_PI.length) sum += significand[i] * TWO_OVER_PI[j];
    }
    digits[d] = sum;
  }
  for (let d = KEPT - 1; d > 0; d--) {
    const carry = Math.floor(digits[d] * INVERSE_BASE);
    digits[d] -= carry * BASE;
    digits[d - 1] += carry;
  }
  let n = (digits[0] - 4 * Math.floor(digits[0] / 4)) | 0;
  // A fraction of at least one half becomes the negative of its complement.
  const negative = digits[1] >= BASE / 2;
  if (negative) {
    n += 1;
    for (let d = 1; d < KEPT; d++) digits[d] = BASE - 1 - digits[d];
  }
  const p = (digits[1] + digits[2] * INVERSE_BASE) * INVERSE_BASE;
  const q = (digits[3] + digits[4] * INVERSE_BASE) * INVERSE_BASE_3;
  const s = (digits[5] + digits[6] * INVERSE_BASE) * INVERSE_BASE_5;
  const fraction = p + q;
  const fractionLost = p - fraction + q + s;
  // fraction · π/2 in two parts: the product of the leading ones is exact.
  const spread = fraction * SPLIT;
  const top = spread - (spread - fraction);
  const bottom = fraction - top;
  const product = fraction * HALF_PI_HIGH;
  const productLost =
    top * HALF_PI_TOP - product + top * HALF_PI_BOTTOM + bottom * HALF_PI_TOP + bottom * HALF_PI_BOTTOM;
  const tail = productLost + (fraction * HALF_PI_LOW + fractionLost * HALF_PI_HIGH);
  const r = product + tail;
  const sign = negative !== x < 0 ? -1 : 1;
  reduced[0] = sign * r;
  reduced[1] = sign * (product - r + tail);
  return (x < 0 ? -n : n) & 3;
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

/** sin(r + rest) for |r| ≤ π/4. */
function sinReduced(r: number, rest: number): number {
  const u = r * r;
  const u2 = u * u;
  const s = S0 + u * S1 + u2 * (S2 + u * S3 + u2 * (S4 + u * S5 + u2 * S6));
  // cos r · rest, to first order.
  return r + (u * r * s + (rest - 0.5 * u * rest));
}

/** cos(r + rest) for |r| ≤ π/4. */
function cosReduced(r: number, rest: number): number {
  const u = r * r;
  const u2 = u * u;
  const c = K0 + u * K1 + u2 * (K2 + u * K3 + u2 * (K4 + u * K5));
  const half = 0.5 * u;
  const one = 1 - half;
  return one + (1 - one - half + (u2 * c - r * rest));
}

/** Quarter turn `quarter` of the pair: sin for 0, cos for 1, and their negatives. */
function quarterWave(quarter: number): number {
  const value = (quarter & 1) === 0 ? sinReduced(reduced[0], reduced[1]) : cosReduced(reduced[0], reduced[1]);
  return (quarter & 2) === 0 ? value : -value;
}

/** Beyond ±2²⁰ · π/2 the four-part reduction would lose bits. */
const LARGEST_MODERATE = 1647099;

/**
 * sin x, x in radians; NaN at ±∞.
 *
 * @example sin(1e22) // -0.8522008497671888
 */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (size < 0.785) return size < 1e-8 ? x : sinReduced(x, 0);
  if (size < LARGEST_MODERATE) return quarterWave(reduceModerate(x));
  return size < Infinity ? quarterWave(reduceHuge(x)) : NaN;
}

/**
 * cos x, x in radians; NaN at ±∞.
 *
 * @example cos(1e22) // 0.5232147853951389
 */
export function cos(x: number): number {
  const size = Math.abs(x);
  if (size < 0.785) return cosReduced(x, 0);
  if (size < LARGEST_MODERATE) return quarterWave(reduceModerate(x) + 1);
  return size < Infinity ? quarterWave(reduceHuge(x) + 1) : NaN;
}
