import { highWord, lowPart, POWER_BIAS, POWERS_OF_TWO } from "./bits.ts";
import { FIRST_HIGH_WORD, LN2_HIGH, LN2_LOW, logTail, ROUND_TO_30_BITS, SMALLEST_NORMAL } from "./log.ts";
import { fillLogRow, LOG_TABLE } from "./log-table.ts";

/** 1.5 · 2¹⁹: adding and subtracting it rounds to a multiple of 2⁻³³. */
const ROUND_TO_33_BITS = 786432;

/**
 * ln x for finite x > 0 as a sum: returns the leading part and writes the rest to `lowPart[0]`. The relative error of the
 * sum is below 2⁻⁶⁷.
 */
export function logInTwoParts(x: number): number {
  const shift = x < SMALLEST_NORMAL ? 54 : 0;
  const normal = x * POWERS_OF_TWO[POWER_BIAS + shift];
  const offset = highWord(normal) - FIRST_HIGH_WORD;
  const k = offset >> 20;
  const e = k - shift;
  const row = 3 * ((offset >> 13) & 127);
  const inverse = LOG_TABLE[row];
  if (inverse === 0) {
    fillLogRow(row);
    return logInTwoParts(x);
  }
  const z = normal * POWERS_OF_TWO[POWER_BIAS - k];
  const zHigh = z + ROUND_TO_30_BITS - ROUND_TO_30_BITS;
  const a = zHigh * inverse - 1;
  const b = (z - zHigh) * inverse;
  const r = a + b;
  const rLost = a - r + b;
  const whole = e * LN2_HIGH + LOG_TABLE[row + 1];
  const first = whole + r;
  const firstLost = whole - first + r;
  // r² = rHigh² + (r − rHigh)(r + rHigh), the square of rHigh exact.
  const rHigh = r + ROUND_TO_33_BITS - ROUND_TO_33_BITS;
  const halfSquare = 0.5 * rHigh * rHigh;
  const second = first - halfSquare;
  const secondLost = first - second - halfSquare;
  const constants = e * LN2_LOW + LOG_TABLE[row + 2];
  const rest = constants + (rLost - r * rLost) - 0.5 * (r - rHigh) * (r + rHigh) + r * r * r * logTail(r);
  const low = firstLost + secondLost + rest;
  const high = second + low;
  lowPart[0] = second - high + low;
  return high;
}
