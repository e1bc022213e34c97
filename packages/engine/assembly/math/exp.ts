// Repeats packages/core/src/math/exp.ts two numbers at a time: the same + − × in the same order, so the same bits.

import { add, any, atLeast, atMost, entry, less, mul, pick, sub, withSign } from "./lanes";

const TABLE: usize = memory.data<f64>([
  // P0 … P9
  0.16666666666666669, 0.041666666666666664, 0.008333333333330062, 0.0013888888888886552, 0.00019841269863053618,
  2.4801587317144498e-5, 2.7557268459997064e-6, 2.755728296954995e-7, 2.510038549551032e-8, 2.0911236630261545e-9,
  1.4426950408889634, 0.6931471805598903, 5.497923018708371e-14, 6755399441055744, 0.5, 1, 708, -708, 709, -746, 710,
]);
@inline function P(i: usize): v128 { return entry(TABLE, i); }
@inline function INVERSE_LN2(): v128 { return entry(TABLE, 10); }
@inline export function LN2_HIGH(): v128 { return entry(TABLE, 11); }
@inline export function LN2_LOW(): v128 { return entry(TABLE, 12); }
@inline export function ROUND_TO_INTEGER(): v128 { return entry(TABLE, 13); }
@inline export function HALF(): v128 { return entry(TABLE, 14); }
@inline export function ONE(): v128 { return entry(TABLE, 15); }
@inline export function LIMIT(): v128 { return entry(TABLE, 16); }
@inline export function MINUS_LIMIT(): v128 { return entry(TABLE, 17); }

/** x / ln 2 + 1.5·2⁵²: rounds to an integer k, which the lowest bits of the sum hold. */
@inline export function rounded(x: v128): v128 {
  return add(mul(x, INVERSE_LN2()), ROUND_TO_INTEGER());
}

/** 2ᵏ for k in the lowest bits, −1022 ≤ k ≤ 1023: k goes to the place of the exponent, where 1 is the exponent 0. */
@inline export function powerOfTwo(k: v128): v128 {
  return i64x2.add(i64x2.shl(k, 52), ONE());
}

@inline function expTail(r: v128): v128 {
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const p01 = add(P(0), mul(r, P(1)));
  const p23 = add(P(2), mul(r, P(3)));
  const p45 = add(P(4), mul(r, P(5)));
  const p67 = add(P(6), mul(r, P(7)));
  const p89 = add(P(8), mul(r, P(9)));
  const p = add(add(p01, mul(r2, p23)), mul(r4, add(add(p45, mul(r2, p67)), mul(r4, p89))));
  return add(mul(HALF(), r2), mul(mul(r2, r), p));
}

/** The part that `expReduced` adds to one = 1 + r. */
@inline export function expRest(r: v128, c: v128, one: v128): v128 {
  return add(add(sub(r, sub(one, ONE())), add(c, mul(c, r))), expTail(r));
}

@inline function expReduced(r: v128, c: v128): v128 {
  const one = add(ONE(), r);
  return add(one, expRest(r, c, one));
}

/** eˣ. */
@inline export function exp(x: v128): v128 {
  const shifted = rounded(x);
  const k = sub(shifted, ROUND_TO_INTEGER());
  const high = sub(x, mul(k, LN2_HIGH()));
  const low = mul(k, LN2_LOW());
  const r = sub(high, low);
  const c = sub(sub(high, r), low);
  const out = mul(expReduced(r, c), powerOfTwo(shifted));
  return i64x2.bitmask(less(f64x2.abs(x), LIMIT())) === 3 ? out : expAnywhere(x);
}

/**
 * eˣ over the whole range: `expOfSum(x, 0)`. Where the main path applies it has the same bits, since multiplying by a
 * power of two is exact there. Beyond −746 and 710 the result is 0 and ∞, as it is at these two.
 */
export function expAnywhere(x: v128): v128 {
  x = atMost(atLeast(x, entry(TABLE, 19)), entry(TABLE, 20));
  const shifted = rounded(x);
  const k = sub(shifted, ROUND_TO_INTEGER());
  const high = sub(x, mul(k, LN2_HIGH()));
  const low = mul(k, LN2_LOW());
  const r = sub(high, low);
  const c = sub(sub(high, r), low);
  const half = i64x2.shr_u(shifted, 1);
  return mul(mul(expReduced(r, c), powerOfTwo(half)), powerOfTwo(i64x2.sub(shifted, half)));
}

/** The rest that the result of {@link expm1InTwoParts} lacks to eˣ − 1. */
export let lowPart: v128 = f64x2.splat(0);

/** eˣ − 1 for −708 ≤ x < 709. */
export function expm1InTwoParts(x: v128): v128 {
  const shifted = rounded(x);
  const k = sub(shifted, ROUND_TO_INTEGER());
  const high = sub(x, mul(k, LN2_HIGH()));
  const low = mul(k, LN2_LOW());
  const r = sub(high, low);
  const c = sub(sub(high, r), low);
  const scale = powerOfTwo(shifted);
  const sum = expm1Sum(r, scale);
  const tail = expm1Tail(r, c, scale, sum);
  const out = add(sum, tail);
  lowPart = add(sub(sum, out), tail);
  return out;
}

/** eˣ − 1; below −708 it is −1, as it is there. Its sign is that of x, −0 included. */
@inline export function expm1(x: v128): v128 {
  const limited = atLeast(x, MINUS_LIMIT());
  const shifted = rounded(limited);
  const k = sub(shifted, ROUND_TO_INTEGER());
  const high = sub(limited, mul(k, LN2_HIGH()));
  const low = mul(k, LN2_LOW());
  const r = sub(high, low);
  const c = sub(sub(high, r), low);
  const scale = powerOfTwo(shifted);
  const sum = expm1Sum(r, scale);
  const out = withSign(add(sum, expm1Tail(r, c, scale, sum)), x);
  const large = f64x2.ge(x, entry(TABLE, 18));
  return any(large) ? pick(large, expAnywhere(x), out) : out;
}

/** `sum` of the TypeScript: (2ᵏ − 1) + 2ᵏ r, for scale = 2ᵏ. */
@inline function expm1Sum(r: v128, scale: v128): v128 {
  return add(sub(scale, ONE()), mul(scale, r));
}

/** `tail` of the TypeScript: what `sum` lacks to eˣ − 1. */
@inline function expm1Tail(r: v128, c: v128, scale: v128, sum: v128): v128 {
  const a = sub(scale, ONE());
  const aBack = sub(a, scale);
  const aLost = sub(sub(scale, sub(a, aBack)), add(ONE(), aBack));
  const b = mul(scale, r);
  const sumBack = sub(sum, a);
  const sumLost = add(sub(a, sub(sum, sumBack)), sub(b, sumBack));
  return add(add(sumLost, add(aLost, mul(scale, add(c, mul(c, r))))), mul(scale, expTail(r)));
}
