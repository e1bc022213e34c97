import { describe, expect, test } from "vitest";
import { erfc } from "../../src/math/erf.ts";
import { erfcx } from "../../src/math/erfcx.ts";
import { exp } from "../../src/math/exp.ts";
import { worstError } from "./golden.ts";

describe("erfcx", () => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError("erfcx", erfcx);
    expect(worst.error, worst.message).toBeLessThanOrEqual(1.5);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("erfcx", erfcx).fingerprint).toBe("e5df88e2b9370fd2");
  });

  test("is exact at zeros and limits", () => {
    expect(erfcx(0)).toBe(1);
    expect(erfcx(-0)).toBe(1);
    expect(erfcx(Infinity)).toBe(0);
    expect(erfcx(-Infinity)).toBe(Infinity);
    expect(erfcx(-1e300)).toBe(Infinity);
    expect(erfcx(NaN)).toBe(NaN);
  });

  test("reaches both ends of the range", () => {
    expect(erfcx(-26.6287)).toBeLessThan(Infinity);
    expect(erfcx(-26.63)).toBe(Infinity);
    // 1/(x√π): x² would overflow.
    expect(erfcx(1e300) * 1e300).toBeCloseTo(0.5641895835477563, 14);
    expect(erfcx(1.7976931348623157e308)).toBeGreaterThan(0);
  });

  test("is e^(x²) erfc x where both are ordinary numbers", () => {
    for (let x = -2; x < 5; x += 0.0917) {
      expect(Math.abs(erfcx(x) / (exp(x * x) * erfc(x)) - 1)).toBeLessThan(1e-14);
    }
  });

  test("is continuous across the boundaries of its methods", () => {
    for (const x of [-6, -0.25, 0.25, 28]) {
      const below = erfcx(x * (1 - 2 ** -30));
      const above = erfcx(x * (1 + 2 ** -30));
      // erfcx′ = 2x erfcx − 2/√π; at 28 that difference has few digits left, −0.02.
      const slope = 2 * x * erfcx(x) - 2 * 0.5641895835477563;
      expect(Math.abs((above - below) / (slope * x * 2 ** -29) - 1)).toBeLessThan(1e-5);
    }
  });
});
