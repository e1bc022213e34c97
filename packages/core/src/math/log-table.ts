/** The table of log.ts. Each row is computed on first use, in about 20 µs. */

import { logOfRatio, storeInTwoParts } from "./fixed-point.ts";

/**
 * Three numbers for each interval of [0.6875, 1.375), divided by the top 7 bits of the mantissa: the inverse q of its
 * middle, rounded to a multiple of 2⁻¹² (1 on both sides of 1), then −ln q as a multiple of 2⁻⁴² plus a rest. A row is all
 * 0 until {@link fillLogRow} was called for it.
 */
export const LOG_TABLE: Float64Array = new Float64Array(3 * 128);

/** Fills the row that begins at `row`, a multiple of 3. */
export function fillLogRow(row: number): void {
  const i = row / 3;
  // 512 times the middle: the intervals are 1/256 long below 1 (the first 80) and 1/128 above.
  const middle = i < 80 ? 353 + 2 * i : 194 + 4 * i;
  const q = i === 79 || i === 80 ? 4096 : Math.floor((4096 * 512) / middle + 0.5);
  LOG_TABLE[row] = q / 4096;
  storeInTwoParts(logOfRatio(4096n, BigInt(q)), LOG_TABLE, row + 1);
}

/** The table with all rows, to be copied. Takes about 2 ms. */
export function completeLogTable(): Float64Array {
  for (let row = 0; row < LOG_TABLE.length; row += 3) if (LOG_TABLE[row] === 0) fillLogRow(row);
  return LOG_TABLE;
}
