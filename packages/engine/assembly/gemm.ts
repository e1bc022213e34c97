// Matrix products: the sums of `plainProduct` in packages/core/src/product.ts, in the same order each, by packed 4 × 4 tiles.

import { direct } from "./gemm-direct";
import { pack } from "./gemm-pack";
import { edge, tile } from "./gemm-tile";
import * as op from "./instructions.generated";
import { LEFT_BLOCK, leftBlock, progress, RIGHT_BLOCK, rightBlock, smallRoom } from "./scratch";
import { shareStart } from "./share";

/** Below this many multiplications one thread does it all. */
const WORTH_SHARING = 16384;
/** Below this many multiplications, or with fewer rows than that, packing costs more than it saves. */
const WORTH_PACKING = 512;
const ROWS_WORTH_PACKING = 3;
/** Steps of the sums that are done at a time: panels of so many stay in the first level of cache. */
const MOST_DEPTH = 256;

/**
 * The threads share the columns, or the rows if these are more: then what all of them must pack for themselves is the
 * smaller side.
 */
export function gemm(instruction: usize, thread: i32, threads: i32): void {
  let out = load<usize>(instruction, op.PRODUCT_OUT);
  let m = load<i32>(instruction, op.PRODUCT_ROWS);
  let n = load<i32>(instruction, op.PRODUCT_COLUMNS);
  let a = load<usize>(instruction, op.PRODUCT_X);
  const k = load<i32>(instruction, op.PRODUCT_TERMS);
  let b = load<usize>(instruction, op.PRODUCT_Y);
  const stride = (<usize>n) << 3;
  let rowA = (<usize>k) << 3;
  let stepA: usize = 8;
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
  const rowsFirst = m > n;
  if (<i64>m * n * k < WORTH_SHARING) {
    if (thread > 0) return;
  } else if (rowsFirst) {
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
  if (stride == 8) direct(out, stride, n, m, k, b, columnB, stepB, a, stepA, rowA);
  else if (m < ROWS_WORTH_PACKING || <i64>m * n * k < WORTH_PACKING) {
    direct(out, stride, m, n, k, a, rowA, stepA, b, stepB, columnB);
  } else blocks(out, stride, m, n, k, a, rowA, stepA, b, stepB, columnB);
}

/**
 * Block by block: a part of b is packed, then one part of a after the other, right before they are used, so that they
 * are still in the cache. Between the blocks of k the sums wait in `out`, which keeps their order.
 */
function blocks(
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
  const depths = blockSize(k, MOST_DEPTH);
  const columns = blockSize(n, RIGHT_BLOCK / depths);
  const rows = blockSize(m, LEFT_BLOCK / depths);
  for (let j = 0; j < n; j += columns) {
    const width = min(columns, n - j);
    for (let p = 0; p < k; p += depths) {
      const depth = min(depths, k - p);
      pack(b + <usize>j * columnB + <usize>p * stepB, columnB, stepB, width, depth, rightBlock());
      for (let i = 0; i < m; i += rows) {
        const height = min(rows, m - i);
        pack(a + <usize>i * rowA + <usize>p * stepA, rowA, stepA, height, depth, leftBlock());
        tiles(out + <usize>i * stride + ((<usize>j) << 3), stride, height, width, depth, p > 0);
      }
    }
  }
}

/** Blocks of at most `most` elements, of equal sizes, all multiples of 8 but the last. */
function blockSize(total: i32, most: i32): i32 {
  const whole = most & ~7;
  const count = (total + whole - 1) / whole;
  return ((total + count - 1) / count + 7) & ~7;
}

/** All tiles of a packed block: a panel of a stays in the first level of cache while all of b passes by. */
function tiles(out: usize, stride: usize, height: i32, width: i32, depth: i32, goOn: bool): void {
  const panel = (<usize>depth) << 5;
  let a = leftBlock();
  for (let i = 0; i < height; i += 4) {
    progress();
    let b = rightBlock();
    for (let j = 0; j < width; j += 4) {
      const at = out + ((<usize>j) << 3);
      if (i + 4 <= height && j + 4 <= width) tile(a, b, depth, at, stride, goOn);
      else edge(a, b, depth, at, stride, goOn, min(4, height - i), min(4, width - j), smallRoom());
      b += panel;
    }
    a += panel;
    out += stride << 2;
  }
}
