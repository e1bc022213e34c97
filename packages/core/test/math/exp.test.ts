import { describe, expect, test } from "vitest";
import { exp, expInTwoParts, expm1, expm1InTwoParts, expOfSum } from "../../src/math/exp.ts";
import { firstFall, neighbour, worstError } from "./golden.ts";

const LN2 = Math.LN2;

describe("exp", () => {
  test("is within 1 ulp of the true value at every golden point", () => {
    const worst = worstError("exp", exp);
    expect(worst.error, worst.message).toBeLessThanOrEqual(0.8);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("exp", exp).fingerprint).toBe("64ef3d318a02d6ba");
  });

  test("is exact at 0 and at the limits", () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(Infinity)).toBe(Infinity);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(NaN)).toBe(NaN);
  });

  test("overflows just above ln of the largest double and nowhere before", () => {
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(1e308)).toBe(Infinity);
  });

  test("underflows to the smallest subnormal and then to 0", () => {
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(exp(-1e308)).toBe(0);
  });

  test("rises across the boundaries of its branches", () => {
    for (const x of [-708, 709, LN2 / 2, -LN2 / 2, 1.5 * LN2, -708.3964185322641])
      expect(firstFall(exp, x)).toBe(undefined);
  });

  test("has the same bits on both sides of the range check", () => {
    for (let x = -708; x < 709; x += 0.37) expect(expOfSum(x, 0)).toBe(exp(x));
  });

  test("in two parts has exp as its first part", () => {
    for (let x = -708; x < 708; x += 0.37) expect(expInTwoParts(x)).toBe(exp(x));
  });
});

describe("expm1", () => {
  test("is within 1 ulp of the true value at every golden point", () => {
    const worst = worstError("expm1", expm1);
    expect(worst.error, worst.message).toBeLessThanOrEqual(1);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("expm1", expm1).fingerprint).toBe("043eb11f56113322");
  });

  test("keeps the sign of zero and is exact at the limits", () => {
    expect(expm1(0)).toBe(0);
    expect(expm1(-0)).toBe(-0);
    expect(expm1(Infinity)).toBe(Infinity);
    expect(expm1(-Infinity)).toBe(-1);
    expect(expm1(NaN)).toBe(NaN);
  });

  test("returns subnormal and other tiny arguments unchanged", () => {
    for (const x of [5e-324, -5e-324, 1e-310, -2.2250738585072014e-308, 1e-20, -1e-17])
      expect(expm1(x)).toBe(x);
  });

  test("overflows like exp and has the limit −1", () => {
    expect(expm1(709.782712893384)).toBe(1.7976931348622732e308);
    expect(expm1(709.7827128933841)).toBe(Infinity);
    expect(expm1(-38)).toBe(-1);
    expect(expm1(-1e300)).toBe(-1);
  });

  test("rises across the boundaries of its branches", () => {
    for (const x of [-708, 709, LN2 / 2, -LN2 / 2, 1.5 * LN2, -36.7, 52.5 * LN2, 53.5 * LN2]) {
      expect(firstFall(expm1, x)).toBe(undefined);
    }
  });

  test("in two parts has expm1 as its first part", () => {
    for (let x = -40; x < 708; x += 0.37) expect(expm1InTwoParts(x)).toBe(expm1(x));
  });
});

test("a neighbour is one place away", () => {
  expect(neighbour(1, 1)).toBe(1 + 2 ** -52);
  expect(neighbour(-1, 1)).toBe(-1 + 2 ** -53);
});
