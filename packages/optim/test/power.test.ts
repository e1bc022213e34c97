import { expect, test } from "vitest";
import { integerPower } from "../src/power.ts";

test("small powers are exact products", () => {
  expect([0, 1, 2, 3, 4, 5].map((n) => integerPower(3, n))).toEqual([1, 3, 9, 27, 81, 243]);
  expect(integerPower(0.9, 1)).toBe(0.9);
  expect(integerPower(0, 0)).toBe(1);
  expect(integerPower(0, 7)).toBe(0);
});

test("large powers stay within rounding of the true value", () => {
  // 50-digit values, rounded.
  expect(integerPower(0.999, 1000) / 0.3676954247709637 - 1).toBeCloseTo(0, 12);
  expect(integerPower(0.9, 100) / 2.656139888758754e-5 - 1).toBeCloseTo(0, 12);
  expect(integerPower(0.9999, 1e6) / 3.701520785793387e-44 - 1).toBeCloseTo(0, 9);
});

test("the largest whole exponent works", () => {
  expect(integerPower(0.999, Number.MAX_SAFE_INTEGER)).toBe(0);
  expect(integerPower(1 - 2 ** -53, Number.MAX_SAFE_INTEGER)).toBeCloseTo(Math.exp(-1), 7);
});
