import { describe, expect, test } from "vitest";
import { acosh, asinh, atanh, cosh, sinh } from "../../src/math/hyperbolic.ts";
import { firstFall, worstError } from "./golden.ts";

describe.each([
  { name: "sinh", f: sinh, bound: 1.5, fingerprint: "852c4c16d7fca01e" },
  { name: "cosh", f: cosh, bound: 1, fingerprint: "0ed0893f231915e1" },
  { name: "asinh", f: asinh, bound: 1.5, fingerprint: "2c90b450e651a31c" },
  { name: "acosh", f: acosh, bound: 1.9, fingerprint: "86c1ed6708cb14d9" },
  { name: "atanh", f: atanh, bound: 1.6, fingerprint: "0c7220368ceede70" },
])("$name", ({ name, f, bound, fingerprint }) => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError(name, f);
    expect(worst.error, worst.message).toBeLessThanOrEqual(bound);
    expect(worst.points).toBeGreaterThan(1500);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError(name, f).fingerprint).toBe(fingerprint);
  });
});

test("the odd ones are odd in every bit and return tiny arguments unchanged", () => {
  for (const f of [sinh, asinh, atanh]) {
    for (const x of [0.05, 0.5, 0.99]) expect(f(-x)).toBe(-f(x));
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) expect(f(x)).toBe(x);
  }
  for (const x of [0, 0.5, 22, 700, 710]) expect(cosh(-x)).toBe(cosh(x));
});

test("the ends of the domains", () => {
  expect([cosh(0), cosh(-0), acosh(1)]).toEqual([1, 1, 0]);
  expect([sinh(Infinity), sinh(-Infinity), cosh(-Infinity)]).toEqual([Infinity, -Infinity, Infinity]);
  expect([asinh(Infinity), asinh(-Infinity), acosh(Infinity)]).toEqual([Infinity, -Infinity, Infinity]);
  expect([atanh(1), atanh(-1)]).toEqual([Infinity, -Infinity]);
  for (const f of [sinh, cosh, asinh, acosh, atanh]) expect(f(NaN)).toBe(NaN);
  for (const x of [0.9999999999999999, 0, -1, -Infinity]) expect(acosh(x)).toBe(NaN);
  for (const x of [1.0000000000000002, -2, Infinity, -Infinity]) expect(atanh(x)).toBe(NaN);
});

test("sinh and cosh overflow where their values do, a little after the exponential", () => {
  expect(sinh(710.4758600739439)).toBeLessThan(Infinity);
  expect(cosh(710.4758600739439)).toBeLessThan(Infinity);
  expect([sinh(710.475860073944), cosh(710.475860073944)]).toEqual([Infinity, Infinity]);
});

test("they rise across the boundaries of their branches", () => {
  for (const x of [1e-8, 22]) expect(firstFall(sinh, x)).toBe(undefined);
  expect(firstFall(cosh, 22)).toBe(undefined);
});
