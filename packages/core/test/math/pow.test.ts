import { describe, expect, test } from "vitest";
import { pow } from "../../src/math/pow.ts";
import { firstFall, worstError } from "./golden.ts";

describe("pow", () => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError("pow", pow);
    expect(worst.error, worst.message).toBeLessThanOrEqual(0.9);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("pow", pow).fingerprint).toBe("f681e06231545330");
  });

  test("is 1 for exponent 0 and for base 1, even with NaN, as in IEEE 754", () => {
    for (const x of [0, -0, 1, -3, Infinity, -Infinity, NaN]) {
      expect(pow(x, 0)).toBe(1);
      expect(pow(x, -0)).toBe(1);
      expect(pow(1, x)).toBe(1);
    }
    expect(pow(-1, Infinity)).toBe(1);
    expect(pow(-1, -Infinity)).toBe(1);
  });

  test("passes every other NaN on", () => {
    expect(pow(NaN, 1)).toBe(NaN);
    expect(pow(2, NaN)).toBe(NaN);
    expect(pow(0, NaN)).toBe(NaN);
    expect(pow(-Infinity, NaN)).toBe(NaN);
  });

  test("is NaN for a negative base and a fractional exponent", () => {
    expect(pow(-2, 0.5)).toBe(NaN);
    expect(pow(-1, 1e-300)).toBe(NaN);
    expect(pow(-5e-324, -0.5)).toBe(NaN);
  });

  test("agrees with ECMAScript at all other zeros and infinities", () => {
    const limits = [0, -0, Infinity, -Infinity];
    const others = [
      0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, 5e-324, -5e-324, 9007199254740991, -9007199254740991,
    ];
    for (const limit of limits) {
      for (const other of [...limits, ...others]) {
        expect(pow(limit, other), `pow(${limit}, ${other})`).toBe(limit ** other);
        expect(pow(other, limit), `pow(${other}, ${limit})`).toBe(other ** limit);
      }
    }
  });

  test("is exact for small integers", () => {
    for (let x = -12; x <= 12; x++) {
      for (let y = 0; y <= 14; y++) {
        let product = 1;
        for (let i = 0; i < y; i++) product *= x;
        expect(pow(x, y)).toBe(product);
      }
    }
  });

  test("gives every power of two exactly, subnormal ones included", () => {
    for (let k = -1074; k <= 1023; k++) expect(pow(2, k)).toBe(2 ** k);
    expect(pow(2, 1024)).toBe(Infinity);
    expect(pow(2, -1075)).toBe(0);
    expect(pow(-2, 1025)).toBe(-Infinity);
    expect(pow(-2, -1077)).toBe(-0);
  });

  test("is right for huge and tiny exponents", () => {
    expect(pow(1 + 2 ** -52, 1e300)).toBe(Infinity);
    expect(pow(1 - 2 ** -53, 1e300)).toBe(0);
    expect(pow(-1, 1e300)).toBe(1);
    expect(pow(1.7976931348623157e308, 5e-324)).toBe(1);
    expect(pow(-1, 9007199254740991)).toBe(-1);
  });

  test("rises with its base and with its exponent", () => {
    for (const x of [0.6875, 1.0078125, 1.375, 3]) expect(firstFall((t) => pow(t, 2.5), x)).toBe(undefined);
    for (const y of [0.5, 1, 100]) expect(firstFall((t) => pow(2.5, t), y)).toBe(undefined);
  });
});
