// Repeats packages/core/src/math/logistic.ts two numbers at a time: the same + − × ÷ in the same order, so the same bits.

import {
  expAnywhere, expm1InTwoParts, expRest, HALF, LN2_HIGH, LN2_LOW, lowPart, MINUS_LIMIT, ONE, powerOfTwo,
  ROUND_TO_INTEGER, rounded,
} from "./exp";
import { add, any, atLeast, atMost, both, div, entry, less, mul, pick, sub, withSign } from "./lanes";
import { log1p } from "./log";

const TABLE: usize = memory.data<f64>([2, 22, 1e-8]);
@inline function TWO(): v128 { return entry(TABLE, 0); }

/** tanh x. */
export function tanh(x: v128): v128 {
  const size = f64x2.abs(x);
  const n = expm1InTwoParts(mul(TWO(), atMost(size, entry(TABLE, 1))));
  const nLow = lowPart;
  const d = add(n, TWO());
  const back = sub(d, n);
  const dLow = add(add(sub(TWO(), back), sub(n, sub(d, back))), nLow);
  const q = div(n, d);
  const out = add(q, mul(sub(nLow, mul(q, dLow)), mul(HALF(), sub(ONE(), q))));
  return pick(less(size, entry(TABLE, 2)), x, withSign(out, x));
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: v128): v128 {
  // expInTwoParts(−|x|) = e + eLow.
  const limited = atLeast(f64x2.neg(f64x2.abs(x)), MINUS_LIMIT());
  const shifted = rounded(limited);
  const k = sub(shifted, ROUND_TO_INTEGER());
  const high = sub(limited, mul(k, LN2_HIGH()));
  const low = mul(k, LN2_LOW());
  const r = sub(high, low);
  const c = sub(sub(high, r), low);
  const scale = powerOfTwo(shifted);
  const one = add(ONE(), r);
  const rest = expRest(r, c, one);
  const sum = add(one, rest);
  const e = mul(scale, sum);
  const eLow = mul(scale, add(sub(one, sum), rest));
  const d = add(ONE(), e);
  const dLow = add(sub(e, sub(d, ONE())), eLow);
  const negative = less(x, both(0));
  const q = div(pick(negative, e, ONE()), d);
  const change = mul(q, dLow);
  // Below 0: q + (eLow − q dLow)(1 − q), else q − q dLow q.
  const out = pick(negative, add(q, mul(sub(eLow, change), sub(ONE(), q))), sub(q, mul(change, q)));
  const far = less(x, MINUS_LIMIT());
  return any(far) ? pick(far, expAnywhere(x), out) : out;
}

/** ln(1 + eˣ). */
export function softplus(x: v128): v128 {
  const rest = log1p(expAnywhere(f64x2.neg(f64x2.abs(x))));
  return pick(f64x2.gt(x, both(0)), add(x, rest), rest);
}

/** ln(sigmoid(x)). */
@inline export function logSigmoid(x: v128): v128 {
  return f64x2.neg(softplus(f64x2.neg(x)));
}
