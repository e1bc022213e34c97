/** π/2 for sin and cos of huge numbers: 1024 bits for the quotient of the largest double, the others for the remainder. */

/** Number of bits of {@link halfPi} after the binary point. */
export const HALF_PI_BITS = 1232n;

let computed = 0n;

/** π/2 · 2^HALF_PI_BITS, computed on first use, in about 0.1 ms: π = 16 arctan(1/5) − 4 arctan(1/239) (Machin 1706). */
export function halfPi(): bigint {
  computed ||= 8n * arctanOfInverse(5n) - 2n * arctanOfInverse(239n);
  return computed;
}

/** arctan(1/q) by its series 1/q − 1/(3q³) + 1/(5q⁵) − …, as a whole number like {@link halfPi}. */
function arctanOfInverse(q: bigint): bigint {
  let sum = 0n;
  let power = (1n << HALF_PI_BITS) / q;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power /= -q * q;
  }
  return sum;
}
