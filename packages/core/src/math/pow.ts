/**
 * pow.
 *
 * Method: |x|ʸ = e^(y ln|x|) with ln|x| in two parts (log.ts, 67 bits), the product with y in two parts (Dekker,
 * "A floating-point technique for extending the available precision", Numer. Math. 18, 1971), and one exp at the end.
 *
 * Special values are those of IEEE 754 and C99 (annex F), as in PyTorch: pow(x, ±0) = 1 and pow(1, y) = 1 even for NaN, and
 * pow(−1, ±∞) = 1. The power of ECMAScript differs in the last two: it returns NaN.
 *
 * Largest error measured: 0.59 ulp, 0.75 where the result is subnormal and rounded twice (docs/accuracy.md).
 */

import { lowPart, SPLIT } from "./bits.ts";
import { expOfSum } from "./exp.ts";
import { logInTwoParts } from "./log-in-two-parts.ts";

/** 2⁶⁴. */
const HUGE = 4294967296 * 4294967296;

/** Whether y is an odd integer; from 2⁵³ on every double is even. */
function isOdd(y: number): boolean {
  const size = Math.abs(y);
  return size < 9007199254740992 && size - 2 * Math.floor(size / 2) === 1;
}

/** xʸ if x or y is 0, ±∞ or NaN, for x ≠ 1 and y ≠ 0. */
function powOfLimits(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  if (y === Infinity || y === -Infinity) {
    if (size === 1) return 1;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  // x is ±0 or ±∞: the size is 0 or ∞, and odd powers keep the sign.
  const out = (size === 0) === y > 0 ? 0 : Infinity;
  return isOdd(y) && (x < 0 || 1 / x < 0) ? -out : out;
}

/** xʸ; NaN for x < 0 and a y that is not an integer. @example pow(2, 0.5) // 1.4142135623730951 */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity && Math.abs(y) < Infinity)) return powOfLimits(x, y);
  if (x < 0 && Math.floor(y) !== y) return NaN;
  const sign = x < 0 && isOdd(y) ? -1 : 1;
  if (size === 1) return sign;
  // |ln|x|| ≥ 2⁻⁵³ from here on, so such a y overflows or underflows; splitting it could overflow.
  if (Math.abs(y) > HUGE) return size > 1 === y > 0 ? sign * Infinity : sign * 0;
  const log = logInTwoParts(size);
  const low = lowPart[0];
  const ySpread = y * SPLIT;
  const yTop = ySpread - (ySpread - y);
  const yBottom = y - yTop;
  const logSpread = log * SPLIT;
  const logTop = logSpread - (logSpread - log);
  const logBottom = log - logTop;
  const product = y * log;
  const lost = yTop * logTop - product + yTop * logBottom + yBottom * logTop + yBottom * logBottom;
  return sign * expOfSum(product, lost + y * low);
}
