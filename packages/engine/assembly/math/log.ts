// Repeats packages/core/src/math/log.ts two numbers at a time: the same + − × in the same order, so the same bits.

import { add, both, entry, less, mul, pick, sub } from "./lanes";
import { logTable } from "./log-table";

const TABLE: usize = memory.data<f64>([
  // L0 … L6
  0.3333333333333333, -0.2499999999999997, 0.19999999999971255, -0.16666666672669658, 0.14285717956956825,
  -0.124999260660452, 0.10983051402131151,
  0.6931471805598903, 5.497923018708371e-14, 6291456, 2.2250738585072014e-308, Infinity,
  0.5, 1, 2, -0.0039, 0.0078, -1, 1e300,
]);
@inline function L(i: usize): v128 { return entry(TABLE, i); }
@inline function LN2_HIGH(): v128 { return entry(TABLE, 7); }
@inline function LN2_LOW(): v128 { return entry(TABLE, 8); }
@inline function ROUND_TO_30_BITS(): v128 { return entry(TABLE, 9); }
@inline function SMALLEST_NORMAL(): v128 { return entry(TABLE, 10); }
@inline function INFINITY(): v128 { return entry(TABLE, 11); }
@inline function HALF(): v128 { return entry(TABLE, 12); }
@inline function ONE(): v128 { return entry(TABLE, 13); }
@inline function TWO(): v128 { return entry(TABLE, 14); }

/** The bits of 0.6875, where the intervals begin. */
const FIRST: i64 = 0x3fe6000000000000;
const EXPONENT: i64 = 0x7ff0000000000000;

@inline function logTail(r: v128): v128 {
  const r2 = mul(r, r);
  return add(add(L(0), mul(r, L(1))), mul(r2, add(add(L(2), mul(r, L(3))), mul(r2, add(add(L(4), mul(r, L(5))), mul(r2, L(6)))))));
}

/** r²(r L(r) − 1/2), what is left of ln(1 + r) after r. */
@inline function logRest(r: v128): v128 {
  return mul(mul(r, r), sub(mul(r, logTail(r)), HALF()));
}

/** The row of the table for a number, given the high word of its distance from 0.6875. */
@inline function rowOf(offset: usize): usize {
  return logTable() + ((offset >> 13) & 127) * 24;
}

/** ln((x + 2·halfRest)·2^−shift) for a normal positive x and a rest below its last place. */
function logOfSum(x: v128, halfRest: v128, shift: v128): v128 {
  const offset = i64x2.sub(x, i64x2.splat(FIRST));
  // The high words of both numbers, side by side.
  const high = i32x4.shuffle(offset, offset, 1, 3, 1, 3);
  const k = i32x4.shr_s(high, 20);
  const first = rowOf(<usize>i32x4.extract_lane(high, 0));
  const second = rowOf(<usize>i32x4.extract_lane(high, 1));
  const inverse = v128.load64_lane(second, v128.load64_zero(first), 1);
  const minusLogHigh = v128.load64_lane(second, v128.load64_zero(first, 8), 1, 8);
  const minusLogLow = v128.load64_lane(second, v128.load64_zero(first, 16), 1, 16);
  // 2ᵏ as a difference of bits: taking it off those of x divides by it. 2⁻ᵏ itself may be too small, 2¹⁻ᵏ is not.
  const exponent = v128.and(offset, i64x2.splat(0xfff0000000000000));
  const twiceScale = i64x2.sub(TWO(), exponent);
  const z = i64x2.sub(x, exponent);
  const zHigh = sub(add(z, ROUND_TO_30_BITS()), ROUND_TO_30_BITS());
  const a = sub(mul(zHigh, inverse), ONE());
  const b = mul(add(sub(z, zHigh), mul(halfRest, twiceScale)), inverse);
  const r = add(a, b);
  const rLost = add(sub(a, r), b);
  const e = sub(f64x2.convert_low_i32x4_s(k), shift);
  const whole = add(mul(e, LN2_HIGH()), minusLogHigh);
  const sum = add(whole, r);
  const sumLost = add(sub(whole, sum), r);
  return add(sum, add(add(sumLost, add(rLost, add(mul(e, LN2_LOW()), minusLogLow))), logRest(r)));
}

/** ln x. */
export function log(x: v128): v128 {
  const normal = v128.and(f64x2.ge(x, SMALLEST_NORMAL()), less(x, INFINITY()));
  return i64x2.bitmask(normal) === 3 ? logOfSum(x, both(0), both(0)) : logAnywhere(x);
}

/** ln x over the whole range: numbers below the normal ones are made 2⁵⁴ times as large. */
function logAnywhere(x: v128): v128 {
  const small = less(x, SMALLEST_NORMAL());
  const out = logOfSum(pick(small, mul(x, both(18014398509481984)), x), both(0), v128.and(small, both(54)));
  const zeroOrInfinity = pick(f64x2.eq(x, both(0)), both(-Infinity), pick(f64x2.eq(x, INFINITY()), x, out));
  // All bits set is a NaN.
  return v128.or(zeroOrInfinity, v128.not(f64x2.ge(x, both(0))));
}

/** ln(1 + x). */
export function log1p(x: v128): v128 {
  const u = add(ONE(), x);
  const back = sub(u, x);
  const rest = add(sub(ONE(), back), sub(x, sub(u, back)));
  const far = logOfSum(u, mul(HALF(), rest), both(0));
  const near = add(x, logRest(x));
  const out = pick(v128.and(f64x2.gt(x, entry(TABLE, 15)), less(x, entry(TABLE, 16))), near, far);
  // From 10³⁰⁰ on the 1 is lost; at −1 and below, ln(x + 1) is −∞ and NaN as it should be.
  const inside = v128.and(f64x2.gt(x, entry(TABLE, 17)), less(x, entry(TABLE, 18)));
  return i64x2.bitmask(inside) === 3 ? out : pick(inside, out, log(u));
}
