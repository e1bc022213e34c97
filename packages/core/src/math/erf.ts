/**
 * erf and erfc.
 *
 * Method: for |x| < 3/4, erf x = x + x P(x²) with P of degree 11. From 1/4 on, erfc x = exp(−x² + g(x)): g(x) =
 * ln(erfc x) + x² is smooth and of the size of ln x, and comes from a table of polynomials in the distance from the middle
 * of an eighth of an octave (erfc-table.ts). x² is split so that its large part is exact; the only significant rounding is
 * that of one exp. Constants from `test/fixtures/math/coefficients.py`.
 *
 * Largest errors measured: erf 0.81 ulp, erfc 0.84 ulp (docs/accuracy.md).
 */

import { highWord } from "./bits.ts";
import { ERFC_ROW, ERFC_TABLE, fillErfcRow } from "./erfc-table.ts";
import { expOfSum } from "./exp.ts";

const C0 = 0.1283791670955126;
const C1 = -0.37612638903183754;
const C2 = 0.11283791670955087;
const C3 = -0.026866170645118446;
const C4 = 0.005223977625222192;
const C5 = -0.0008548327001135946;
const C6 = 0.00012055331545294116;
const C7 = -1.4925589383821143e-5;
const C8 = 1.646038320985815e-6;
const C9 = -1.63332293434337e-7;
const C10 = 1.4413879289095029e-8;
const C11 = -9.502840894774706e-10;

/** The high word of 1/4 without its 17 lowest bits: the others count eighths of octaves. */
const FIRST_INTERVAL = 0x3fd00000 >> 17;
/** 1.5 · 2³¹: adding and subtracting it rounds to a multiple of 2⁻²¹. */
const ROUND_TO_21_BITS = 3221225472;

/** erf(x)/x − 1 for |x| ≤ 3/4. */
function erfTail(x: number): number {
  const u = x * x;
  const u2 = u * u;
  const u4 = u2 * u2;
  const low = u2 * (C2 + u * C3);
  const middle = C4 + u * C5 + u2 * (C6 + u * C7);
  const high = C8 + u * C9 + u2 * (C10 + u * C11);
  return C0 + (u * C1 + (low + u4 * (middle + u4 * high)));
}

/** erfc x for 1/4 ≤ x < 27.5. */
function erfcTail(x: number): number {
  const row = ERFC_ROW * ((highWord(x) >> 17) - FIRST_INTERVAL);
  const middle = ERFC_TABLE[row];
  if (middle === 0) {
    fillErfcRow(row);
    return erfcTail(x);
  }
  const t = x - middle;
  const t2 = t * t;
  const t4 = t2 * t2;
  const low =
    ERFC_TABLE[row + 2] + t * ERFC_TABLE[row + 3] + t2 * (ERFC_TABLE[row + 4] + t * ERFC_TABLE[row + 5]);
  const central =
    ERFC_TABLE[row + 6] + t * ERFC_TABLE[row + 7] + t2 * (ERFC_TABLE[row + 8] + t * ERFC_TABLE[row + 9]);
  const high = ERFC_TABLE[row + 10] + t * ERFC_TABLE[row + 11] + t2 * ERFC_TABLE[row + 12];
  // x² = xHigh² + (x − xHigh)(x + xHigh); xHigh has 26 bits, so the first sum of the exponent is exact.
  const xHigh = x + ROUND_TO_21_BITS - ROUND_TO_21_BITS;
  const a = ERFC_TABLE[row + 1] - xHigh * xHigh;
  const b = low + t4 * (central + t4 * high) - (x - xHigh) * (x + xHigh);
  const sum = a + b;
  return expOfSum(sum, a - sum + b);
}

/** erf x = 2/√π ∫₀ˣ e^(−t²) dt, the error function. @example erf(0.5) // 0.5204998778130465 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.75) return x === 0 ? x : x + x * erfTail(x);
  // From 6 on the nearest double is 1.
  const out = size < 6 ? 1 - erfcTail(size) : size >= 6 ? 1 : size;
  return x < 0 ? -out : out;
}

/**
 * erfc x = 1 − erf x, without cancellation for large x, for which it falls like e^(−x²).
 *
 * @example erfc(10) // 2.088487583762545e-45
 */
export function erfc(x: number): number {
  if (x < 0.25) return 1 - erf(x);
  if (x < 27.5) return erfcTail(x);
  return x > 0 ? 0 : NaN;
}
