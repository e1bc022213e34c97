import { describe, expect, test } from "vitest";
import { log, log1p } from "../../src/math/log.ts";
import { firstFall, worstError } from "./golden.ts";

describe("log", () => {
  test("is within 1 ulp of the true value at every golden point", () => {
    const worst = worstError("log", log);
    expect(worst.error, worst.message).toBeLessThanOrEqual(0.51);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("log", log).fingerprint).toBe("8cd75a0e457e1317");
  });

  test("has the special values of IEEE 754", () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(-Infinity);
    expect(log(-0)).toBe(-Infinity);
    expect(log(-1)).toBe(NaN);
    expect(log(-5e-324)).toBe(NaN);
    expect(log(Infinity)).toBe(Infinity);
    expect(log(-Infinity)).toBe(NaN);
    expect(log(NaN)).toBe(NaN);
  });

  test("reaches both ends of the range", () => {
    expect(log(5e-324)).toBe(-744.4400719213812);
    expect(log(1.7976931348623157e308)).toBe(709.782712893384);
  });

  test("rises across the boundaries of its intervals", () => {
    for (let i = 0; i < 128; i++) {
      const x = i < 80 ? 0.6875 + i / 256 : 1 + (i - 80) / 128;
      expect(firstFall(log, x)).toBe(undefined);
      expect(firstFall(log, 4 * x)).toBe(undefined);
    }
    for (const x of [2.2250738585072014e-308, 1e-310, 1e300]) expect(firstFall(log, x)).toBe(undefined);
  });
});

describe("log1p", () => {
  test("is within 1 ulp of the true value at every golden point", () => {
    const worst = worstError("log1p", log1p);
    expect(worst.error, worst.message).toBeLessThanOrEqual(0.52);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("log1p", log1p).fingerprint).toBe("d931b97773b9af8f");
  });

  test("has the special values of C99 and keeps the sign of zero", () => {
    expect(log1p(0)).toBe(0);
    expect(log1p(-0)).toBe(-0);
    expect(log1p(-1)).toBe(-Infinity);
    expect(log1p(-1.0000000000000002)).toBe(NaN);
    expect(log1p(Infinity)).toBe(Infinity);
    expect(log1p(-Infinity)).toBe(NaN);
    expect(log1p(NaN)).toBe(NaN);
  });

  test("returns subnormal and other tiny arguments unchanged", () => {
    for (const x of [5e-324, -5e-324, 1e-310, 2.2250738585072014e-308, 1e-20, -1e-20])
      expect(log1p(x)).toBe(x);
  });

  test("rises across the boundaries of its branches", () => {
    for (const x of [-0.0039, 0.0078, 0.375, -0.3125, 1, 9007199254740992])
      expect(firstFall(log1p, x)).toBe(undefined);
  });
});
