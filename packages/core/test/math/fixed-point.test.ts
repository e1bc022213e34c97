import { describe, expect, test } from "vitest";
import {
  divide,
  FRACTION_BITS,
  logOfRatio,
  multiply,
  storeInTwoParts,
  toDouble,
  toFixedPoint,
} from "../../src/math/fixed-point.ts";

const ONE = 1n << FRACTION_BITS;

describe("fixed-point numbers", () => {
  test("multiply and divide like the numbers they represent", () => {
    expect(toDouble(multiply(3n * ONE, ONE / 4n))).toBe(0.75);
    expect(toDouble(divide(-3n * ONE, 4n * ONE))).toBe(-0.75);
    expect(divide(3n, 4n)).toBe((3n * ONE) / 4n);
  });

  test("become the nearest double, ties to even", () => {
    const last = ONE >> 52n;
    expect(toDouble(ONE + last / 2n)).toBe(1);
    expect(toDouble(ONE + last / 2n + 1n)).toBe(1 + 2 ** -52);
    expect(toDouble(ONE + last + last / 2n)).toBe(1 + 2 ** -51);
  });

  test("represent a double exactly", () => {
    for (const x of [0.75, -Math.PI / 4, 2 ** -61 * 1.1, 0]) expect(toDouble(toFixedPoint(x))).toBe(x);
    expect(toFixedPoint(0.75)).toBe((3n * ONE) / 4n);
  });

  test("are split into a multiple of 2^-42 and a rest of at most half of that", () => {
    const table = new Float64Array(4);
    for (const x of [ONE / 3n, -2n * (ONE / 3n), 0n]) {
      storeInTwoParts(x, table, 1);
      const [before, high, low, after] = table;
      expect([before, after]).toEqual([0, 0]);
      expect(Number.isInteger(high * 2 ** 42)).toBe(true);
      expect(Math.abs(low)).toBeLessThanOrEqual(2 ** -43);
      expect(high + low).toBe(toDouble(x));
    }
  });

  test("give ln 2 to 180 bits, and the logarithm of 1 exactly", () => {
    // 0.6931471805599453094172321214581765680755001343602552541206800094933936…, 60 digits of it
    const golden = (693147180559945309417232121458176568075500134360255254120680n * ONE) / 10n ** 60n;
    const error = logOfRatio(2n, 1n) - golden;
    expect(error > -4096n && error < 4096n).toBe(true);
    expect(logOfRatio(1n, 2n) + golden > -4096n && logOfRatio(1n, 2n) + golden < 4096n).toBe(true);
    expect(logOfRatio(7n, 7n)).toBe(0n);
  });
});
