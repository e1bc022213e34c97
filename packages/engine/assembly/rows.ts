// How an element-wise instruction is cut into rows, and these into shares for the threads.

import * as op from "./instructions.generated";
import { smallRoom } from "./scratch";
import { shareStart } from "./share";

/** Below this many elements one thread does it all. */
const WORTH_SHARING = 2048;

/** The share that `takeShare` found. Globals belong to one instance, so to one thread. */
export let row: i32 = 0;
export let endRow: i32 = 0;
/** How many columns, and the first of them. */
export let columns: i32 = 0;
let firstColumn: i32 = 0;

/** Whole rows if every thread can have one, else ranges of columns cut at multiples of 8. */
export function takeShare(instruction: usize, thread: i32, threads: i32): void {
  const rows = load<i32>(instruction, op.ELEMENTWISE_ROWS);
  const all = load<i32>(instruction, op.ELEMENTWISE_COLUMNS);
  row = 0;
  endRow = rows;
  firstColumn = 0;
  columns = all;
  if (<i64>rows * all < WORTH_SHARING) {
    if (thread > 0) endRow = 0;
  } else if (rows >= threads) {
    row = cut(rows, thread, threads);
    endRow = cut(rows, thread + 1, threads);
  } else {
    firstColumn = shareStart(all, thread, threads);
    columns = shareStart(all, thread + 1, threads) - firstColumn;
  }
}

/** Where share number `thread` of `count` begins. */
@inline export function cut(count: i32, thread: i32, threads: i32): i32 {
  return <i32>(<i64>count * thread / threads);
}

/** Where this row of the result begins. */
export function outAt(instruction: usize): usize {
  const start = load<usize>(instruction, op.ELEMENTWISE_OUT) + <usize>row * load<usize>(instruction, op.ELEMENTWISE_OUT_ROW);
  return start + ((<usize>firstColumn) << 3);
}

/** Where this row of an operand begins, whose words are at `operand`. */
export function operandAt(operand: usize): usize {
  const start = load<usize>(operand) + <usize>row * load<usize>(operand, op.OPERAND_ROW);
  return start + <usize>firstColumn * load<usize>(operand, op.OPERAND_COLUMN);
}

/** On to the next row. */
export function nextRow(): void {
  row++;
}

/** Two neighbours of an operand whose step is 8 bytes, or 0 if one number is repeated. */
@inline export function pair(at: usize, step: usize): v128 {
  return v128.load64_lane(at + step, v128.load64_zero(at), 1);
}

/**
 * Where the pairs of a row of an operand are read from: a number that is repeated is put twice into the scratch memory, so
 * that every operand can be read two at a time, from there on by steps of 0.
 */
@inline export function pairsOf(at: usize, step: usize, place: usize): usize {
  if (step) return at;
  const copy = smallRoom() + (place << 4);
  v128.store(copy, v128.load64_splat(at));
  return copy;
}
