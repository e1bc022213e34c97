// Rows of eˣ, of eˣ − 1, and of the ELU family, which needs them only where x is not above 0: there those elements are
// found first and brought together, so that none is computed in vain, and the processor has no branch to predict.

import { exp, expm1 } from "./math/exp";
import { both, div, mul, pick } from "./math/lanes";
import { leftBlock } from "./scratch";
import { loadPair, storePair } from "./share";

export function expRow(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 2) {
    storePair(out, exp(loadPair(x, n === 1)), n === 1);
    x += 16;
    out += 16;
  }
}

export function expm1Row(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 2) {
    storePair(out, expm1(loadPair(x, n === 1)), n === 1);
    x += 16;
    out += 16;
  }
}

/** Elements of a row at a time: they, and what is noted of them, stay in the first cache. */
const BLOCK = 512;

/** Where the places of the elements that are not above 0 are listed, four bytes each, and then those elements. */
@inline function places(): usize { return leftBlock(); }
@inline function values(): usize { return leftBlock() + (BLOCK << 3); }

/** Of four elements, some above 0: for each of the 16 cases the places of the others, a byte each. */
const OTHERS: usize = memory.data<u32>([
  0x03020100, 0x030201, 0x030200, 0x0302, 0x030100, 0x0301, 0x0300, 3, 0x020100, 0x0201, 0x0200, 2, 0x0100, 1, 0, 0,
]);

/**
 * With `linear` out = right·x if x > 0, else left·(e^(x/scale) − 1); without, its slope: out = right if x > 0, else
 * left·e^(scale·x).
 */
export function exponentialRow(right: v128, left: v128, scale: v128, out: usize, x: usize, n: i32, linear: bool): void {
  for (; n > 0; n -= BLOCK) {
    const count = sift(out, x, min(n, BLOCK), right, linear);
    for (let i = 0; i < count; i += 2) {
      const pair = v128.load64_lane(place(out, i + 1), v128.load64_zero(place(out, i)), 1);
      v128.store(values() + (<usize>i << 3), linear ? div(pair, scale) : mul(scale, pair));
    }
    if (linear) expm1Row(values(), values(), count);
    else expRow(values(), values(), count);
    for (let i = 0; i < count; i += 2) {
      const pair = mul(left, v128.load(values() + (<usize>i << 3)));
      // The first lane last: an odd one at the end is its own neighbour, and only its first lane was worked out.
      v128.store64_lane(place(out, i + 1), pair, 1);
      v128.store64_lane(place(out, i), pair, 0);
    }
    x += BLOCK << 3;
    out += BLOCK << 3;
  }
}

/** Place number i of the list. */
@inline function place(out: usize, i: i32): usize {
  return out + (load<u32>(places() + (<usize>i << 2)) << 3);
}

/**
 * out = right, or right·x with `linear`, where x > 0; elsewhere, for NaN too, x itself, and its place is listed.
 *
 * @returns how many places there are; after the last one it stands once more, for those who read in pairs
 */
function sift(out: usize, x: usize, n: i32, right: v128, linear: bool): i32 {
  let end = places();
  let i = 0;
  for (; i < n - 3; i += 4) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    const lowAbove = f64x2.gt(low, both(0));
    const highAbove = f64x2.gt(high, both(0));
    v128.store(out, pick(lowAbove, linear ? mul(right, low) : right, low));
    v128.store(out, pick(highAbove, linear ? mul(right, high) : right, high), 16);
    const above = i64x2.bitmask(lowAbove) + (i64x2.bitmask(highAbove) << 2);
    const others = v128.load32_zero(OTHERS + (above << 2));
    v128.store(end, i32x4.add(i32x4.splat(i), i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(others))));
    end += (4 - popcnt(above)) << 2;
    x += 32;
    out += 32;
  }
  for (; i < n; i++) {
    const value = load<f64>(x);
    const above = value > 0;
    const factor = f64x2.extract_lane(right, 0);
    store<f64>(out, above ? (linear ? factor * value : factor) : value);
    store<i32>(end, i);
    if (!above) end += 4;
    x += 8;
    out += 8;
  }
  if (end > places()) store<u32>(end, load<u32>(end - 4));
  return <i32>(end - places()) >> 2;
}
