/**
 * baseⁿ for a whole n ≥ 0, by squaring: the product of b^(2ᵏ) over the binary digits 1 of n, lowest first. At most 53
 * rounds.
 *
 * Uses only multiplications, in an order that depends on n alone: the same bits in every JavaScript engine, also after
 * training was resumed.
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
