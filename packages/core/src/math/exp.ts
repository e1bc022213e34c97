/**
 * exp and expm1.
 *
 * Method: x = k ln 2 + r with k = round(x / ln 2), so |r| ≤ ln 2 / 2 (Cody and Waite, *Software Manual for the
 * Elementary Functions*, 1980, ch. 6; ln 2 in two parts, the first of 42 bits so that k times it is exact). The rounding
 * error of r is kept as c. Then eʳ⁺ᶜ = 1 + r + (r²/2 + r³ P(r) + c (1 + r)) with P of degree 9, a Chebyshev interpolant
 * from `test/fixtures/math/coefficients.py` (truncation 3·10⁻¹⁹). The two large terms are added exactly, by two-sums, which
 * keeps the error near half an ulp.
 *
 * The main path is a fixed sequence of + − × without branches, so SIMD code returns the same bits.
 *
 * Largest errors measured: exp 0.60 ulp (0.77 where the result is subnormal and rounded twice), expm1 0.89 ulp
 * (docs/accuracy.md).
 */

import { lowPart, POWER_BIAS, POWERS_OF_TWO, ROUND_TO_INTEGER } from "./bits.ts";

const INVERSE_LN2 = Math.LOG2E;
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;
const P0 = 0.16666666666666669;
const P1 = 0.041666666666666664;
const P2 = 0.008333333333330062;
const P3 = 0.0013888888888886552;
const P4 = 0.00019841269863053618;
const P5 = 2.4801587317144498e-5;
const P6 = 2.7557268459997064e-6;
const P7 = 2.755728296954995e-7;
const P8 = 2.510038549551032e-8;
const P9 = 2.0911236630261545e-9;

/** r²/2 + r³ P(r) = eʳ − 1 − r for |r| ≤ ln 2 / 2, evaluated in this order. */
function expTail(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  const p01 = P0 + r * P1;
  const p23 = P2 + r * P3;
  const p45 = P4 + r * P5;
  const p67 = P6 + r * P7;
  const p89 = P8 + r * P9;
  const p = p01 + r2 * p23 + r4 * (p45 + r2 * p67 + r4 * p89);
  return 0.5 * r2 + r2 * r * p;
}

/** e^(r + c) for |r| ≤ ln 2 / 2 and a c below the last place of r. */
function expReduced(r: number, c: number): number {
  const one = 1 + r;
  const lost = r - (one - 1);
  return one + (lost + (c + c * r) + expTail(r));
}

/** eˣ. @example exp(1) // 2.718281828459045 */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expOfSum(x, 0);
  const k = x * INVERSE_LN2 + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const c = high - r - low;
  return expReduced(r, c) * POWERS_OF_TWO[k + POWER_BIAS];
}

/** eˣ for |x| ≤ 708 as a sum: returns eˣ and writes its rounding error to `lowPart[0]`; for sigmoid. */
export function expInTwoParts(x: number): number {
  const k = x * INVERSE_LN2 + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const c = high - r - low;
  const scale = POWERS_OF_TWO[k + POWER_BIAS];
  const one = 1 + r;
  const rest = r - (one - 1) + (c + c * r) + expTail(r);
  const out = one + rest;
  lowPart[0] = scale * (one - out + rest);
  return scale * out;
}

/** e^(x + rest) over the whole range, for a rest of at most a few thousand ulp of x; for pow and erfc. */
export function expOfSum(x: number, rest: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const k = x * INVERSE_LN2 + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW - rest;
  const r = high - low;
  const c = high - r - low;
  // Two factors: 2^k alone may overflow, or be subnormal although the result is not.
  const half = k >> 1;
  return expReduced(r, c) * POWERS_OF_TWO[half + POWER_BIAS] * POWERS_OF_TWO[k - half + POWER_BIAS];
}

/** eˣ − 1, without cancellation near 0. @example expm1(1e-20) // 1e-20 */
export function expm1(x: number): number {
  if (!(x > -708 && x < 709)) return x < 0 ? -1 : expOfSum(x, 0);
  const out = expm1InTwoParts(x);
  // Returns x to keep the sign of zero: 0 + −0 is 0.
  return x === 0 ? x : out;
}

/**
 * eˣ − 1 for |x| ≤ 708 as a sum: returns eˣ − 1 and writes its rounding error to `lowPart[0]`; also for tanh.
 *
 * 2ᵏ eʳ − 1 = (2ᵏ − 1) + 2ᵏ r + 2ᵏ (eʳ − 1 − r), the first two terms added exactly.
 */
export function expm1InTwoParts(x: number): number {
  const k = x * INVERSE_LN2 + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const c = high - r - low;
  const scale = POWERS_OF_TWO[k + POWER_BIAS];
  // scale − 1 = a + aLost, a + scale·r = sum + sumLost: both exact (Knuth's two-sum).
  const a = scale - 1;
  const aBack = a - scale;
  const aLost = scale - (a - aBack) - (1 + aBack);
  const b = scale * r;
  const sum = a + b;
  const sumBack = sum - a;
  const sumLost = a - (sum - sumBack) + (b - sumBack);
  const tail = sumLost + (aLost + scale * (c + c * r)) + scale * expTail(r);
  const out = sum + tail;
  lowPart[0] = sum - out + tail;
  return out;
}
