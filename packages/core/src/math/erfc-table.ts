/**
 * The table of erf.ts. Each row is computed on first use, in about 0.2 ms.
 *
 * With w(x) = √π/2 · e^(x²) erfc x, the function in the table, g(x) = ln(erfc x) + x², is ln w(x) minus a constant. A row
 * is computed in four steps with fixed-point numbers (fixed-point.ts):
 *
 * 1. the Taylor coefficients of w around the middle, from its differential equation w′ = 2xw − 1;
 * 2. those of ln w, from u l′ = u′ for l = ln u, coefficient by coefficient;
 * 3. the polynomial of degree 10 equal to this series at the zeros of the Chebyshev polynomial T₁₁, nearly the best
 *    approximation: polynomials equal there differ by a multiple of T₁₁, so it is the remainder modulo T₁₁;
 * 4. rounding to doubles.
 *
 * The variable of the polynomials is the distance from the middle in halves of the interval, from −1 to 1.
 */

import { divide, FRACTION_BITS, logOfRatio, multiply, storeInTwoParts, toDouble } from "./fixed-point.ts";

/** Numbers in a row of `ERFC_TABLE`: the middle, the value there in two parts, ten coefficients. */
export const ERFC_ROW = 13;
const ROWS = 54;

/**
 * g(x) = ln(erfc x) + x² for x from 1/4 on, one row of 13 numbers per eighth of an octave: the middle, the value there
 * as a multiple of 2⁻⁴², then a polynomial in the distance from the middle (lowest degree first) to add.
 * A row is all 0 until {@link fillErfcRow} was called for it.
 */
export const ERFC_TABLE: Float64Array = new Float64Array(ERFC_ROW * ROWS);

/** √π/2, a fixed-point number. */
const HALF_ROOT_PI = 0xe2dfc48da77b553ce1d82906aedc9c1ff1c90aa37b1d9296n;
/** Terms of the series; the others are below 2⁻⁷⁰ of the coefficients that they change. */
const TERMS = 24;
/** T₁₁(y) = 0 solved for 1024 y¹¹: the multiples of y⁹, y⁷, y⁵, y³ and y. */
const CHEBYSHEV: readonly bigint[] = [2816n, -2816n, 1232n, -220n, 11n];

/** w(m) by its Taylor series around 0, where w′ = 2xw − 1 makes n wₙ = 2 wₙ₋₂; for m up to 2. */
function valueNearZero(m: bigint): bigint {
  const square = 2n * multiply(m, m);
  let even = HALF_ROOT_PI;
  let odd = -m;
  let sum = 0n;
  for (let n = 2n; even !== 0n; n += 2n) {
    sum += even + odd;
    even = multiply(even, square) / n;
    odd = multiply(odd, square) / (n + 1n);
  }
  return sum;
}

/** Step 1: w(m) and the Taylor coefficients of w(m + half·y)/w(m). */
function taylor(m: bigint, half: bigint): { value: bigint; series: bigint[] } {
  const slope = 2n * multiply(m, half);
  const square = 2n * multiply(half, half);
  const series = [1n << FRACTION_BITS];
  if (m >> FRACTION_BITS < 2n) {
    // Upwards recurrence from w′ = 2xw − 1: (n + 1) wₙ₊₁ = 2·half·(m wₙ + half wₙ₋₁).
    const value = valueNearZero(m);
    series[1] = slope - divide(half, value);
    for (let n = 1; n < TERMS; n++) {
      series[n + 1] = (multiply(slope, series[n]) + multiply(square, series[n - 1])) / BigInt(n + 1);
    }
    return { value, series };
  }
  // For large m the upwards recurrence loses all digits. Downwards, the equation is a continued fraction (Laplace's for
  // erfc) for the ratios −wₙ₊₁/wₙ, exact enough from this n on.
  const ratios: bigint[] = [];
  let ratio = 0n;
  for (let n = TERMS + Math.floor(1000 / toDouble(m) / toDouble(m)); n >= 0; n--) {
    ratio = divide(square, slope + BigInt(n + 2) * ratio);
    ratios[n] = ratio;
  }
  for (let n = 0; n < TERMS; n++) series[n + 1] = -multiply(series[n], ratios[n]);
  return { value: divide(half, slope + ratio), series };
}

/** Step 2: the coefficients of ln u(y) for u₀ = 1, from n lₙ = n uₙ − Σ k lₖ uₙ₋ₖ over k from 1 to n − 1. */
function logOfSeries(u: readonly bigint[]): bigint[] {
  const slopes = [0n];
  for (let n = 1; n < u.length; n++) {
    let sum = 0n;
    for (let k = 1; k < n; k++) sum += slopes[k] * u[n - k];
    slopes[n] = BigInt(n) * u[n] - (sum >> FRACTION_BITS);
  }
  return slopes.map((slope, n) => slope / BigInt(Math.max(n, 1)));
}

/** Fills the row that begins at `row`, a multiple of 13. */
export function fillErfcRow(row: number): void {
  const interval = row / ERFC_ROW;
  // The octaves start at 1/4, 1/2, 1, …; half an eighth of them is 1/64, 1/32, 1/16, …
  const half = 1n << (FRACTION_BITS - 6n + BigInt(interval >> 3));
  const middle = BigInt(17 + 2 * (interval & 7)) * half;
  const { value, series } = taylor(middle, half);
  const coefficients = logOfSeries(series);
  // Step 3: the remainder modulo T₁₁, from the highest power down.
  for (let n = TERMS; n >= 11; n--) {
    CHEBYSHEV.forEach((multiple, i) => {
      coefficients[n - 2 - 2 * i] += (multiple * coefficients[n]) >> 10n;
    });
  }
  // g(m) = ln(w(m) / w(0)); factors of 2 are taken out until the quotient is near 1.
  let doublings = 0n;
  while (value << doublings < HALF_ROOT_PI) doublings++;
  const logOfValue = logOfRatio(value << doublings, HALF_ROOT_PI) - doublings * logOfRatio(2n, 1n);
  ERFC_TABLE[row] = toDouble(middle);
  storeInTwoParts(logOfValue, ERFC_TABLE, row + 1);
  let scale = 1;
  for (let n = 1; n <= 10; n++) {
    scale /= toDouble(half);
    ERFC_TABLE[row + 2 + n] = toDouble(coefficients[n]) * scale;
  }
}
