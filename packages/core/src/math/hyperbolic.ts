/**
 * sinh, cosh and the inverse hyperbolic functions, from exp, expm1, log and log1p (the formulas of Kahan 1987, Branch Cuts for
 * Complex Elementary Functions, in a form without cancellation).
 */

import { lowPart } from "./bits.ts";
import { expInTwoParts, expm1InTwoParts, expOfSum } from "./exp.ts";
import { log, log1p } from "./log.ts";

const LN2 = Math.LN2;
/** ln 2 − LN2. */
const LN2_LOW = 2.3190468138462996e-17;
/** From here on e^−x does not change e^x. */
const ONE_SIDED = 22;
/** From here on x² + 1 and x² − 1 are x². */
const LARGE = 268435456;

/** eˣ/2 for x ≥ 0, as e^(x − ln 2): eˣ overflows before its half does. */
function halfExp(x: number): number {
  const y = x - LN2;
  return expOfSum(y, x - y - LN2 - LN2_LOW);
}

/** (eˣ − e⁻ˣ)/2, as (m + m/(m + 1))/2 for m = eˣ − 1. @example sinh(1) // 1.1752011936438014 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  let out = NaN;
  if (size < ONE_SIDED) {
    const m = expm1InTwoParts(size);
    const low = lowPart[0];
    const inverse = 1 / (m + 1);
    out = 0.5 * (m + (m * inverse + low * (1 + inverse * inverse)));
  } else out = halfExp(size);
  return x < 0 ? -out : out;
}

/** (eˣ + e⁻ˣ)/2. @example cosh(1) // 1.5430806348152437 */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (!(size < ONE_SIDED)) return halfExp(size);
  const e = expInTwoParts(size);
  return 0.5 * (e + (1 / e + lowPart[0]));
}

/** ln(x + √(x² + 1)), the inverse of sinh. @example asinh(1) // 0.881373587019543 */
export function asinh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  const square = size * size;
  const out = size > LARGE ? log(size) + LN2 : log1p(size + square / (1 + Math.sqrt(1 + square)));
  return x < 0 ? -out : out;
}

/** ln(x + √(x² − 1)), the inverse of cosh, near 1 as 2 asinh √((x − 1)/2); NaN below 1. @example acosh(2) // 1.3169578969248166 */
export function acosh(x: number): number {
  if (x > LARGE) return log(x) + LN2;
  const t = x - 1;
  return t < 1 ? 2 * asinh(Math.sqrt(0.5 * t)) : log1p(t + Math.sqrt(t * (t + 2)));
}

/** ½ ln((1 + x)/(1 − x)), the inverse of tanh; ±∞ at ±1, NaN beyond. @example atanh(0.5) // 0.5493061443340549 */
export function atanh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  const out = 0.5 * log1p((2 * size) / (1 - size));
  return x < 0 ? -out : out;
}
