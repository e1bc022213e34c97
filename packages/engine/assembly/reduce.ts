// Repeats `sum` of packages/core/src/ops/reduce.ts: every element of out is 0 + x₀ + x₁ + …, added one at a time.

import * as op from "./instructions.generated";
import { add } from "./math/lanes";
import { shareStart } from "./share";

/** Fewer numbers to add than this are not worth sharing. */
const SMALL = 4096;

/** out[o, i] = Σ x[o, r, i] over r, for x of shape [outer, count, inner]. */
export function sum(instruction: usize, thread: i32, threads: i32): void {
  const out = load<usize>(instruction, op.REDUCTION_OUT);
  const outer = load<i32>(instruction, op.REDUCTION_OUTER);
  const inner = load<i32>(instruction, op.REDUCTION_INNER);
  const x = load<usize>(instruction, op.REDUCTION_X);
  const count = load<i32>(instruction, op.REDUCTION_COUNT);
  const workers = <i64>outer * count * inner < SMALL ? 1 : threads;
  const byColumn = inner > max(outer, 1);
  const start = shareStart(byColumn ? inner : outer, thread, workers);
  const end = shareStart(byColumn ? inner : outer, thread + 1, workers);
  if (inner === 1) sumRows(out, x, count, start, end);
  else if (byColumn) for (let o = 0; o < outer; o++) sumColumns(out, x, o, count, inner, start, end);
  else for (let o = start; o < end; o++) sumColumns(out, x, o, count, inner, 0, inner);
}

/**
 * The sums of rows of `count` neighbours. One sum waits for its last addition, so four go on side by side; where
 * fewer than four are left, the last is done again.
 */
function sumRows(out: usize, x: usize, count: i32, start: i32, end: i32): void {
  const bytes = <usize>count << 3;
  const last = end - 1;
  for (let o = start; o < end; o += 4) {
    const o1 = min(o + 1, last);
    const o2 = min(o + 2, last);
    const o3 = min(o + 3, last);
    const to1 = <usize>(o1 - o) * bytes;
    const to2 = <usize>(o2 - o) * bytes;
    const to3 = <usize>(o3 - o) * bytes;
    let sum0 = 0.0;
    let sum1 = 0.0;
    let sum2 = 0.0;
    let sum3 = 0.0;
    let at = x + <usize>o * bytes;
    for (const stop = at + bytes; at < stop; at += 8) {
      sum0 += load<f64>(at);
      sum1 += load<f64>(at + to1);
      sum2 += load<f64>(at + to2);
      sum3 += load<f64>(at + to3);
    }
    store<f64>(out + (<usize>o << 3), sum0);
    store<f64>(out + (<usize>o1 << 3), sum1);
    store<f64>(out + (<usize>o2 << 3), sum2);
    store<f64>(out + (<usize>o3 << 3), sum3);
  }
}

/** The sums of the columns from `start` to `end` of matrix number `o`. */
function sumColumns(out: usize, x: usize, o: i32, count: i32, inner: i32, start: i32, end: i32): void {
  const row = <usize>inner << 3;
  const to = out + <usize>o * row;
  let from = x + <usize>o * count * row;
  const first = <usize>start << 3;
  const bytes = <usize>end << 3;
  if (count === 0) memory.fill(to + first, 0, bytes - first);
  let r = 0;
  for (; r + 4 <= count; r += 4, from += 4 * row) addRows(to, from, row, first, bytes, 4, r === 0);
  for (; r < count; r++, from += row) addRows(to, from, row, first, bytes, 1, r === 0);
}

/** out += one row of x, or four in turn; with `fresh` to 0 instead of out. */
@inline
function addRows(out: usize, x: usize, row: usize, start: usize, end: usize, rows: i32, fresh: bool): void {
  const kept = i64x2.splat(fresh ? 0 : -1);
  let at = start;
  for (; at + 8 < end; at += 16) {
    const from = x + at;
    let total = add(v128.and(v128.load(out + at), kept), v128.load(from));
    if (rows === 4) {
      total = add(total, v128.load(from + row));
      total = add(total, v128.load(from + 2 * row));
      total = add(total, v128.load(from + 3 * row));
    }
    v128.store(out + at, total);
  }
  if (at < end) {
    let total = fresh ? 0 : load<f64>(out + at);
    for (let r = 0; r < rows; r++) total += load<f64>(x + <usize>r * row + at);
    store<f64>(out + at, total);
  }
}
