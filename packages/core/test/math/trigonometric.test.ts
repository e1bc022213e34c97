import { describe, expect, test } from "vitest";
import { cos, sin } from "../../src/math/trigonometric.ts";
import { firstFall, worstError } from "./golden.ts";

describe.each([
  { name: "sin", f: sin, fingerprint: "3efce6c5029a6b93" },
  { name: "cos", f: cos, fingerprint: "a882fc6c8a15b26b" },
])("$name", ({ name, f, fingerprint }) => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError(name, f);
    expect(worst.error, worst.message).toBeLessThanOrEqual(0.85);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError(name, f).fingerprint).toBe(fingerprint);
  });

  test("is NaN at the infinities and at NaN", () => {
    for (const x of [Infinity, -Infinity, NaN]) expect(f(x)).toBe(NaN);
  });

  test("stays within [−1, 1] around multiples of π/2", () => {
    for (let n = -40; n <= 40; n++) expect(Math.abs(f((n * Math.PI) / 2))).toBeLessThanOrEqual(1);
  });
});

describe("sin", () => {
  test("is odd in every bit, from subnormals to the largest double", () => {
    for (const x of [
      0, 5e-324, 1e-310, 1e-9, 0.3, 0.785, 0.8, 3, 100, 1e6, 1.7e6, 1e22, 1.7976931348623157e308,
    ]) {
      expect(sin(-x)).toBe(-sin(x));
    }
  });

  test("returns tiny arguments unchanged", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) expect(sin(x)).toBe(x);
  });

  test("uses π to 106 bits: sin of the double next to π is π minus that double", () => {
    expect(sin(Math.PI)).toBe(1.2246467991473532e-16);
  });

  test("rises across the boundary of its branches below π/2", () => {
    for (const x of [1e-8, 0.785, Math.PI / 4]) expect(firstFall(sin, x)).toBe(undefined);
  });
});

describe("cos", () => {
  test("is even in every bit", () => {
    for (const x of [0, 5e-324, 0.3, 0.785, 0.8, 3, 100, 1e6, 1.7e6, 1e22, 1.7976931348623157e308]) {
      expect(cos(-x)).toBe(cos(x));
    }
  });

  test("is 1 at zeros", () => {
    expect(cos(0)).toBe(1);
    expect(cos(-0)).toBe(1);
  });

  test("is right at the double that comes nearest to a multiple of π/2", () => {
    // Muller, Elementary Functions: 6381956970095103 · 2^797.
    expect(cos(6381956970095103 * 2 ** 797)).toBe(-4.687165924254628e-19);
  });

  test("falls across the boundary of its branches below π/2", () => {
    for (const x of [0.785, Math.PI / 4]) expect(firstFall(cos, x, -1)).toBe(undefined);
  });
});

test("the two reductions meet: sin² + cos² stays 1 on both sides of their boundary", () => {
  for (let x = 1647090; x < 1647108; x += 0.37) {
    expect(Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1)).toBeLessThan(4e-16);
  }
});
