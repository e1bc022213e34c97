// Products block by block, from packed panels.

import { pack } from "./gemm-pack";
import { edge, tile } from "./gemm-tile";
import { LEFT_BLOCK, leftBlock, progress, RIGHT_BLOCK, rightBlock, smallRoom } from "./scratch";

/** Steps of the sums that are done at a time: panels of so many stay in the first level of cache. */
export const MOST_DEPTH = 256;

/**
 * out[m,n] = left·b. A part of b is packed, then one part of the left side after the other, right before they are used, so
 * that they are still in the cache. Between the blocks of k the sums wait in `out`, which keeps their order.
 *
 * @param Left a class whose `pack(i, p, height, depth)` packs rows i … i + height − 1 and steps p … p + depth − 1 of the left
 *   side into `leftBlock()`, as `pack` of gemm-pack.ts does it
 * @param stride bytes from row to row of out; stepB, columnB: from row to row, and from column to column of b
 */
export function blocks<Left>(
  out: usize,
  stride: usize,
  m: i32,
  n: i32,
  k: i32,
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
        changetype<Left>(0).pack(i, p, height, depth);
        tiles(out + <usize>i * stride + ((<usize>j) << 3), stride, height, width, depth, p > 0);
      }
    }
  }
}

/** Blocks of at most `most` elements, of equal sizes, all multiples of 8 but the last. */
export function blockSize(total: i32, most: i32): i32 {
  const whole = most & ~7;
  const count = (total + whole - 1) / whole;
  return ((total + count - 1) / count + 7) & ~7;
}

/** All tiles of a packed block: a panel of a stays in the first level of cache while all of b passes by. */
export function tiles(out: usize, stride: usize, height: i32, width: i32, depth: i32, goOn: bool): void {
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
