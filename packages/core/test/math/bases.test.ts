import { describe, expect, test } from "vitest";
import { cbrt, exp2, log2, log10 } from "../../src/math/bases.ts";
import { worstError } from "./golden.ts";

describe.each([
  { name: "exp2", f: exp2, bound: 0.8, fingerprint: "4755103342166ee8" },
  { name: "log2", f: log2, bound: 0.51, fingerprint: "6b2800e34625c9db" },
  { name: "log10", f: log10, bound: 0.51, fingerprint: "71e5d9f019af93d2" },
  { name: "cbrt", f: cbrt, bound: 0.6, fingerprint: "79d1f4ecc06cfb46" },
])("$name", ({ name, f, bound, fingerprint }) => {
  test("is within 1 ulp of the true value at every golden point", () => {
    const worst = worstError(name, f);
    expect(worst.error, worst.message).toBeLessThanOrEqual(bound);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError(name, f).fingerprint).toBe(fingerprint);
  });
});

test("powers of 2 and 10 have whole logarithms", () => {
  for (let n = -1074; n <= 1023; n++) expect(log2(2 ** n)).toBe(n);
  for (let n = -1074; n <= 1023; n++) expect(exp2(n)).toBe(2 ** n);
  for (let n = 0; n <= 22; n++) expect(log10(Number(`1e${n}`))).toBe(n);
});

test("cubes have whole roots, of both signs", () => {
  for (let n = 1; n <= 200000; n += 7) {
    expect(cbrt(n * n * n)).toBe(n);
    expect(cbrt(-n * n * n)).toBe(-n);
  }
});

test("zeros, infinities and NaN", () => {
  for (const x of [0, -0, Infinity, -Infinity, NaN]) expect(cbrt(x)).toBe(x);
  expect([exp2(-Infinity), exp2(Infinity), exp2(1024), exp2(-1075)]).toEqual([0, Infinity, Infinity, 0]);
  for (const log of [log2, log10]) {
    expect([log(0), log(-0), log(Infinity)]).toEqual([-Infinity, -Infinity, Infinity]);
    expect([log(-1), log(-Infinity), log(NaN)]).toEqual([NaN, NaN, NaN]);
  }
});
