/**
 * erfcx, the scaled complementary error function.
 *
 * Method: from 1/4 to 28, exp(g(x)) with g(x) = ln(erfc x) + x² from the table of erfc.
 * Beyond, the asymptotic series 1/(x√π) (1 − u + 3u² − 15u³ + …) with u = 1/(2x²) (Abramowitz and Stegun, *Handbook of
 * Mathematical Functions*, 1964, 7.1.23). Around 0, exp(x²) − exp(x²) erf x, and below −1/4, 2 exp(x²) − erfcx(−x),
 * with x² and exp(x²) in two parts each.
 *
 * Largest error measured: 1.41 ulp (docs/accuracy.md).
 */

import { highWord, lowPart } from "./bits.ts";
import { erf } from "./erf.ts";
import { ERFC_ROW, ERFC_TABLE, fillErfcRow } from "./erfc-table.ts";
import { expInTwoParts, expOfSum } from "./exp.ts";

/** The high word of 1/4 without its 17 lowest bits: the others count eighths of octaves. */
const FIRST_INTERVAL = 0x3fd00000 >> 17;
/** 1.5 · 2³¹: adding and subtracting it rounds to a multiple of 2⁻²¹. */
const ROUND_TO_21_BITS = 3221225472;
/** 1/√π, and its relative rounding error. */
const INVERSE_ROOT_PI = 0.5641895835477563;
const INVERSE_ROOT_PI_REST = 1.3590697223380941e-17;

/** erfcx x for 1/4 ≤ x < 28. */
function fromTable(x: number): number {
  const row = ERFC_ROW * ((highWord(x) >> 17) - FIRST_INTERVAL);
  if (ERFC_TABLE[row] === 0) fillErfcRow(row);
  const t = x - ERFC_TABLE[row];
  let rest = 0;
  for (let i = row + 12; i > row + 2; i--) rest = (rest + ERFC_TABLE[i]) * t;
  const a = ERFC_TABLE[row + 1];
  const b = ERFC_TABLE[row + 2] + rest;
  const sum = a + b;
  return expOfSum(sum, a - sum + b);
}

/** erfcx x for −27 ≤ x < 1/4. */
function fromSquare(x: number): number {
  // x² = high² + (x − high)(x + high); high has 26 bits, so its square is exact.
  const high = x + ROUND_TO_21_BITS - ROUND_TO_21_BITS;
  const a = high * high;
  const b = (x - high) * (x + high);
  const square = a + b;
  const rest = a - square + b;
  // erfc x = 2 − erfc(−x); for smaller x, erfc(−x) is below half an ulp of 2.
  if (x < -6) return 2 * expOfSum(square, rest);
  const e = expInTwoParts(square);
  const low = lowPart[0] + e * rest;
  return x < -0.25 ? 2 * e + (2 * low - fromTable(-x)) : e + (low - e * erf(x));
}

/**
 * erfcx x = e^(x²) erfc x, the scaled complementary error function. It falls only like 1/(x√π), also for x for which
 * erfc x and e^(x²) are out of the range of doubles, and is ∞ below −26.63.
 *
 * @example erfcx(100) // 0.005641613782989433
 */
export function erfcx(x: number): number {
  if (x < 0.25) return x < -27 ? Infinity : fromSquare(x);
  if (x < 28) return fromTable(x);
  const u = 0.5 / (x * x);
  const fall = u * (1 - u * (3 - u * (15 - u * (105 - u * (945 - u * 10395)))));
  const out = INVERSE_ROOT_PI / x;
  return out + out * (INVERSE_ROOT_PI_REST - fall);
}
