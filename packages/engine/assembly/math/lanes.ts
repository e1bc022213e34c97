// Short names for arithmetic on two doubles at a time, so that formulas read as in TypeScript.

@inline export function add(a: v128, b: v128): v128 { return f64x2.add(a, b); }
@inline export function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
@inline export function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
@inline export function div(a: v128, b: v128): v128 { return f64x2.div(a, b); }

/** a < b, all bits of a lane set where it holds. */
@inline export function less(a: v128, b: v128): v128 { return f64x2.lt(a, b); }

/** `a` where the condition's bits are set, else `b`. */
@inline export function pick(condition: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, condition); }

/** Whether the condition holds in a lane. */
@inline export function any(condition: v128): bool { return i64x2.bitmask(condition) !== 0; }

/** The smaller one, and `a` where `a` is NaN. */
@inline export function atMost(a: v128, limit: v128): v128 { return f64x2.pmin(a, limit); }

/** The larger one, and `a` where `a` is NaN. */
@inline export function atLeast(a: v128, limit: v128): v128 { return f64x2.pmax(a, limit); }

/** Number `i` of a table of doubles, in both lanes. A load: V8 would build a written constant anew in every turn. */
@inline export function entry(table: usize, i: usize): v128 { return v128.load64_splat(table + (i << 3)); }

/** A number in both lanes. */
@inline export function both(a: f64): v128 { return f64x2.splat(a); }

const SIGN_BIT: usize = memory.data<u64>([0x8000000000000000]);

/** The size of `a` with the sign of `b`; the sign bit of `a` must not be set where that of `b` is not. */
@inline export function withSign(a: v128, b: v128): v128 { return v128.or(a, v128.and(b, entry(SIGN_BIT, 0))); }
