import { describe, expect, test } from "vitest";
import { acos, asin, atan, tan } from "../../src/math/tangent.ts";
import { firstFall, worstError } from "./golden.ts";

describe.each([
  { name: "tan", f: tan, bound: 1.5, fingerprint: "ee0ca46d2a138175" },
  { name: "asin", f: asin, bound: 2, fingerprint: "18a5ba82ce0b36ac" },
  { name: "acos", f: acos, bound: 1.95, fingerprint: "95218ce7e3f39ccd" },
  { name: "atan", f: atan, bound: 1.35, fingerprint: "473b332cf35d9cb0" },
])("$name", ({ name, f, bound, fingerprint }) => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError(name, f);
    expect(worst.error, worst.message).toBeLessThanOrEqual(bound);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError(name, f).fingerprint).toBe(fingerprint);
  });
});

test("tan, asin and atan are odd in every bit and return tiny arguments unchanged", () => {
  for (const f of [tan, asin, atan]) {
    for (const x of [0.05, 0.1, 0.3, 0.5, 0.785, 1]) expect(f(-x)).toBe(-f(x));
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) expect(f(x)).toBe(x);
  }
  for (const x of [2, 100, 1e22, Infinity]) expect(atan(-x)).toBe(-atan(x));
});

test("the ends of the domains", () => {
  expect([asin(1), asin(-1), acos(1), acos(0), acos(-1)]).toEqual([
    Math.PI / 2,
    -Math.PI / 2,
    0,
    Math.PI / 2,
    Math.PI,
  ]);
  expect([atan(Infinity), atan(1)]).toEqual([Math.PI / 2, Math.PI / 4]);
  for (const x of [1.0000000000000002, -2, Infinity, -Infinity, NaN]) {
    expect([asin(x), acos(x)]).toEqual([NaN, NaN]);
  }
  for (const x of [Infinity, -Infinity, NaN]) expect(tan(x)).toBe(NaN);
  expect(atan(NaN)).toBe(NaN);
});

test("asin and atan rise, acos falls, across the boundaries of their branches", () => {
  for (const x of [1e-8, 0.1, 0.1875, 0.9375, 1, 2]) expect(firstFall(atan, x)).toBe(undefined);
});

test("tan uses π to 106 bits: at the double next to π/2 it is 1/(π/2 − that double)", () => {
  expect(tan(Math.PI / 2)).toBe(16331239353195370); // Muller, Elementary Functions
});
