// Repeats `softmax` and `logSoftmax` of packages/core/src/ops/softmax.ts along rows: see forEachShiftedLane there.

import * as op from "./instructions.generated";
import { expAnywhere } from "./math/exp";
import { atLeast, both, div, sub } from "./math/lanes";
import { log1p } from "./math/log";
import { loadPair, shareStart, storePair } from "./share";

/** Fewer elements than this are not worth sharing. */
const SMALL = 1024;

/**
 * SOFTMAX: out = e^(x − m) / (1 + rest) for the largest x of the row, m, and the sum of the other e^(x − m), rest.
 * LOG_SOFTMAX: out = x − m − ln(1 + rest).
 */
export function softmax(instruction: usize, thread: i32, threads: i32): void {
  const log = load<i32>(instruction) === op.LOG_SOFTMAX;
  const out = load<usize>(instruction, op.ROWS_OUT);
  const rows = load<i32>(instruction, op.ROWS_ROWS);
  const cols = load<i32>(instruction, op.ROWS_COLUMNS);
  const x = load<usize>(instruction, op.ROWS_X);
  const workers = <i64>rows * cols < SMALL ? 1 : threads;
  const end = shareStart(rows, thread + 1, workers);
  const bytes = (<usize>cols) << 3;
  for (let o = shareStart(rows, thread, workers); o < end; o++) {
    const from = x + <usize>o * bytes;
    const row = out + <usize>o * bytes;
    const first = shift(row, from, bytes, largest(from, bytes));
    // The term of the first largest is 1, and the others are added up in increasing index.
    let rest = addPowers(row, 0, first, 0, log);
    rest = addPowers(row, first + 8, bytes, rest, log);
    if (!log && first < bytes) store<f64>(row + first, 1);
    finish(row, bytes, log ? log1p(both(rest)) : both(1 + rest), log);
  }
}

/**
 * The largest of a row. NaN may be passed over, for it makes the sum NaN and so all of the row; and any zero will do for
 * another, as its sign is lost in the sum where there are two.
 */
function largest(x: usize, bytes: usize): f64 {
  let most = both(-Infinity);
  let i: usize = 0;
  for (; i + 8 < bytes; i += 16) most = atLeast(most, v128.load(x + i));
  if (i < bytes) most = atLeast(most, v128.load64_splat(x + i));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/** Writes x − m and returns where it is 0 first, in bytes; if nowhere, where the row ends. */
function shift(out: usize, x: usize, bytes: usize, m: f64): usize {
  let first = bytes;
  for (let i: usize = 0; i < bytes; i += 16) {
    const single = i + 8 === bytes;
    const shifted = sub(loadPair(x + i, single), both(m));
    storePair(out + i, shifted, single);
    if (first < bytes) continue;
    const zeros = i64x2.bitmask(f64x2.eq(shifted, both(0)));
    // In the lane past the end a zero is at `bytes`, and says so.
    if (zeros !== 0) first = (zeros & 1) !== 0 ? i : i + 8;
  }
  return first;
}

/** rest + the powers of e from `start` to `end`, which also replace their exponents unless these are needed for `log`. */
function addPowers(out: usize, start: usize, end: usize, rest: f64, log: bool): f64 {
  for (let i = start; i < end; i += 16) {
    const single = i + 8 === end;
    const exponents = loadPair(out + i, single);
    // Of what a mask hides the exponent is −∞. From −746 on the power is 0, which changes no sum.
    const hidden = i64x2.bitmask(f64x2.le(exponents, both(-746))) === 3;
    const powers = hidden ? both(0) : expAnywhere(exponents);
    if (!log) storePair(out + i, powers, single);
    rest += f64x2.extract_lane(powers, 0);
    if (!single) rest += f64x2.extract_lane(powers, 1);
  }
  return rest;
}

/** out − total, or out / total. */
function finish(out: usize, bytes: usize, total: v128, log: bool): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const single = i + 8 === bytes;
    const lanes = loadPair(out + i, single);
    storePair(out + i, log ? sub(lanes, total) : div(lanes, total), single);
  }
}
