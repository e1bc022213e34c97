import { describe, expect, test } from "vitest";
import { erf, erfc } from "../../src/math/erf.ts";
import { firstFall, worstError } from "./golden.ts";

describe("erf", () => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError("erf", erf);
    expect(worst.error, worst.message).toBeLessThanOrEqual(1);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("erf", erf).fingerprint).toBe("96162a79b647fc26");
  });

  test("is exact at zeros and limits", () => {
    expect(erf(0)).toBe(0);
    expect(erf(-0)).toBe(-0);
    expect(erf(Infinity)).toBe(1);
    expect(erf(-Infinity)).toBe(-1);
    expect(erf(5.95)).toBe(1);
    expect(erf(NaN)).toBe(NaN);
  });

  test("is odd in every bit", () => {
    for (let x = 0; x < 7; x += 0.0073) expect(erf(-x)).toBe(-erf(x));
  });

  test("rises across the boundaries of its branches", () => {
    for (const x of [0.75, -0.75, 1, 2, 6]) expect(firstFall(erf, x)).toBe(undefined);
  });
});

describe("erfc", () => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError("erfc", erfc);
    expect(worst.error, worst.message).toBeLessThanOrEqual(1.3);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError("erfc", erfc).fingerprint).toBe("da683d7ceb1f7c3b");
  });

  test("is exact at zeros and limits", () => {
    expect(erfc(0)).toBe(1);
    expect(erfc(-0)).toBe(1);
    expect(erfc(Infinity)).toBe(0);
    expect(erfc(-Infinity)).toBe(2);
    expect(erfc(-6)).toBe(2);
    expect(erfc(NaN)).toBe(NaN);
  });

  test("underflows to the smallest subnormal and then to 0", () => {
    expect(erfc(27.226)).toBe(5e-324);
    expect(erfc(27.2261)).toBe(0);
    expect(erfc(27.5)).toBe(0);
    expect(erfc(1e300)).toBe(0);
  });

  test("falls across the boundaries of its intervals", () => {
    expect(firstFall(erfc, 0.25, -1)).toBe(undefined);
    for (let octave = 0.25; octave < 27; octave *= 2) {
      for (let x = octave; x < 2 * octave && x < 27; x += octave / 8)
        expect(firstFall(erfc, x, -1)).toBe(undefined);
    }
  });
});
