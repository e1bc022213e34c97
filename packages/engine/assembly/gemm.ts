// Matrix products: the sums of `plainProduct` in packages/core/src/product.ts, in the same order each, by packed 4 × 4 tiles.

import { blocks } from "./gemm-blocks";
import { direct } from "./gemm-direct";
import { pack } from "./gemm-pack";
import * as op from "./instructions.generated";
import { cut } from "./rows";
import { leftBlock } from "./scratch";
import { shareStart } from "./share";

/** Below this many multiplications one thread does it all. */
const WORTH_SHARING = 16384;
/** Below this many multiplications, or with fewer rows than that, packing costs more than it saves. */
const WORTH_PACKING = 512;
const ROWS_WORTH_PACKING = 3;

/** The left side, and the bytes from row to row and from step to step of the sums. */
let a: usize = 0;
let rowA: usize = 0;
let stepA: usize = 0;

/**
 * The threads share the pairs of matrices if each can have one. Else they share the columns of every pair, or the rows if
 * these are more: then what all of them must pack for themselves is the smaller side.
 */
export function gemm(instruction: usize, thread: i32, threads: i32): void {
  let out = load<usize>(instruction, op.PRODUCT_OUT);
  let m = load<i32>(instruction, op.PRODUCT_ROWS);
  let n = load<i32>(instruction, op.PRODUCT_COLUMNS);
  a = load<usize>(instruction, op.PRODUCT_X);
  const k = load<i32>(instruction, op.PRODUCT_TERMS);
  let b = load<usize>(instruction, op.PRODUCT_Y);
  let count = load<i32>(instruction, op.PRODUCT_COUNT);
  const nextA = load<usize>(instruction, op.PRODUCT_STEP_X);
  const nextB = load<usize>(instruction, op.PRODUCT_STEP_Y);
  const stride = (<usize>n) << 3;
  const nextOut = <usize>m * stride;
  rowA = (<usize>k) << 3;
  stepA = 8;
  let stepB = stride;
  let columnB: usize = 8;
  if (load<i32>(instruction, op.PRODUCT_TRANSPOSE_X)) {
    rowA = 8;
    stepA = (<usize>m) << 3;
  }
  if (load<i32>(instruction, op.PRODUCT_TRANSPOSE_Y)) {
    stepB = 8;
    columnB = (<usize>k) << 3;
  }
  // Matrices that lie end to end and have the same right side are one: that side is packed once.
  if (nextB == 0 && stepA == 8 && nextA == <usize>m * rowA) {
    m *= count;
    count = 1;
  }
  if (<i64>m * n * k * count < WORTH_SHARING) {
    if (thread > 0) return;
  } else if (count >= threads) {
    const first = cut(count, thread, threads);
    count = cut(count, thread + 1, threads) - first;
    out += <usize>first * nextOut;
    a += <usize>first * nextA;
    b += <usize>first * nextB;
  } else if (m > n) {
    const first = shareStart(m, thread, threads);
    m = shareStart(m, thread + 1, threads) - first;
    out += <usize>first * stride;
    a += <usize>first * rowA;
  } else {
    const first = shareStart(n, thread, threads);
    n = shareStart(n, thread + 1, threads) - first;
    out += (<usize>first) << 3;
    b += <usize>first * columnB;
  }
  for (; count > 0; count--) {
    if (stride == 8) direct(out, stride, n, m, k, b, columnB, stepB, a, stepA, rowA);
    else if (m < ROWS_WORTH_PACKING || <i64>m * n * k < WORTH_PACKING) {
      direct(out, stride, m, n, k, a, rowA, stepA, b, stepB, columnB);
    } else blocks<Matrix>(out, stride, m, n, k, b, stepB, columnB);
    out += nextOut;
    a += nextA;
    b += nextB;
  }
}

@unmanaged class Matrix {
  @inline pack(i: i32, p: i32, height: i32, depth: i32): void {
    pack(a + <usize>i * rowA + <usize>p * stepA, rowA, stepA, height, depth, leftBlock());
  }
}
