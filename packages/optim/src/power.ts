/**
 * baseⁿ for a whole n ≥ 0, by squaring: b, b², b⁴, … of the binary digits of n are multiplied, lowest digit first.
 *
 * Only multiplications, in an order that n alone decides: the same bits in every engine, whether training ran through
 * or was resumed, and at most 53 rounds for any n that a file may claim.
 *
 * @example
 * integerPower(0.9, 2); // 0.81
 */
export function integerPower(base: number, n: number): number {
  let out = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) out *= square;
    square *= square;
  }
  return out;
}
