// Products that are not worth packing: small ones, and those of a vector.

import { storePair } from "./share";

/**
 * out[m,n] = a·b, each sum from 0 in increasing order of k, as `plainProduct` of packages/core/src/product.ts.
 *
 * @param rowA bytes from row to row of a; stepA, stepB: from step to step of the sums; columnB: from column to column
 */
export function direct(
  out: usize,
  stride: usize,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  rowA: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  columnB: usize,
): void {
  // Columns that lie side by side are read two at a time; a last one alone must not be read together with what is behind it.
  const even = columnB == 8 ? n & ~1 : 0;
  const atRest = (<usize>even) << 3;
  for (let i = 0; i < m; i++) {
    if (even) rowOf(out, even, k, a, stepA, b, stepB, 8, true);
    if (even < n) rowOf(out + atRest, n - even, k, a, stepA, b + atRest, stepB, columnB, false);
    out += stride;
    a += rowA;
  }
}

/** One row: eight columns at a time, then two; a last one alone is computed twice, unless their number is `even`. */
@inline
function rowOf(out: usize, n: i32, k: i32, a: usize, stepA: usize, b: usize, stepB: usize, columnB: usize, even: bool): void {
  const pairB = columnB << 1;
  let j = 0;
  for (; j < n - 7; j += 8) {
    let atA = a;
    let at0 = b;
    let c0 = f64x2.splat(0);
    let c2 = c0;
    let c4 = c0;
    let c6 = c0;
    for (let p = 0; p < k; p++) {
      const x = v128.load_splat<f64>(atA);
      const at4 = at0 + 2 * pairB;
      c0 = f64x2.add(c0, f64x2.mul(x, pair(at0, columnB)));
      c2 = f64x2.add(c2, f64x2.mul(x, pair(at0 + pairB, columnB)));
      c4 = f64x2.add(c4, f64x2.mul(x, pair(at4, columnB)));
      c6 = f64x2.add(c6, f64x2.mul(x, pair(at4 + pairB, columnB)));
      atA += stepA;
      at0 += stepB;
    }
    v128.store(out, c0);
    v128.store(out, c2, 16);
    v128.store(out, c4, 32);
    v128.store(out, c6, 48);
    b += 4 * pairB;
    out += 64;
  }
  for (; j < n; j += 2) {
    const single = !even && j == n - 1;
    const step = single ? 0 : columnB;
    let atA = a;
    let atB = b;
    let c = f64x2.splat(0);
    for (let p = 0; p < k; p++) {
      c = f64x2.add(c, f64x2.mul(v128.load_splat<f64>(atA), pair(atB, even ? 8 : step)));
      atA += stepA;
      atB += stepB;
    }
    storePair(out, c, single);
    b += pairB;
    out += 16;
  }
}

/** Two elements that lie `step` bytes apart; written with 8 in its place, one load. */
@inline
function pair(at: usize, step: usize): v128 {
  return step == 8 ? v128.load(at) : v128.load64_lane(at + step, v128.load64_zero(at), 1);
}
