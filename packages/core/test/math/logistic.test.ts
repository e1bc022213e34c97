import { describe, expect, test } from "vitest";
import { logSigmoid, sigmoid, softplus, tanh } from "../../src/math/logistic.ts";
import { firstFall, worstError } from "./golden.ts";

describe.each([
  {
    name: "tanh",
    f: tanh,
    fingerprint: "bd3640370aed512d",
    bound: 1.3,
    boundaries: [1e-8, Math.LN2 / 4, 22, -1e-8],
  },
  {
    name: "sigmoid",
    f: sigmoid,
    fingerprint: "1669934fda7a45f7",
    bound: 1.2,
    boundaries: [-708, 708, -Math.LN2 / 2, -36.7],
  },
  {
    name: "softplus",
    f: softplus,
    fingerprint: "a81ae91be14951ba",
    bound: 1.7,
    boundaries: [-708, 708, -Math.LN2 / 2, -5.54, 36.7],
  },
  {
    name: "logSigmoid",
    f: logSigmoid,
    fingerprint: "bc58738d54593999",
    bound: 1.7,
    boundaries: [-708, 708, Math.LN2 / 2, 5.54, -36.7],
  },
])("$name", ({ name, f, fingerprint, bound, boundaries }) => {
  test("is within 2 ulp of the true value at every golden point", () => {
    const worst = worstError(name, f);
    expect(worst.error, worst.message).toBeLessThanOrEqual(bound);
    expect(worst.points).toBeGreaterThan(3000);
  });

  test("returns the recorded bits at every golden point", () => {
    expect(worstError(name, f).fingerprint).toBe(fingerprint);
  });

  test("passes NaN on", () => {
    expect(f(NaN)).toBe(NaN);
  });

  test("rises across the boundaries of its branches", () => {
    for (const x of boundaries) expect(firstFall(f, x)).toBe(undefined);
  });
});

describe("tanh", () => {
  test("is odd in every bit", () => {
    for (let x = 0; x < 25; x += 0.0173) expect(tanh(-x)).toBe(-tanh(x));
  });

  test("is exact at zeros, tiny arguments and limits", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) expect(tanh(x)).toBe(x);
    expect(tanh(Infinity)).toBe(1);
    expect(tanh(-Infinity)).toBe(-1);
    expect(tanh(19.1)).toBe(1);
    expect(tanh(1e300)).toBe(1);
  });

  test("stays within [−1, 1]", () => {
    let largest = 0;
    for (let x = 17; x < 23; x += 0.00037) largest = Math.max(largest, tanh(x));
    expect(largest).toBe(1);
  });
});

describe("sigmoid", () => {
  test("is exact at 0 and at the limits", () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(-0)).toBe(0.5);
    expect(sigmoid(Infinity)).toBe(1);
    expect(sigmoid(-Infinity)).toBe(0);
    expect(sigmoid(1000)).toBe(1);
    expect(sigmoid(-1000)).toBe(0);
    expect(sigmoid(-745.1)).toBe(5e-324);
  });

  test("stays within [0, 1]", () => {
    let largest = 0;
    for (let x = 30; x < 45; x += 0.00037) largest = Math.max(largest, sigmoid(x));
    expect(largest).toBe(1);
  });
});

describe("softplus and logSigmoid", () => {
  test("are exact at the limits", () => {
    expect(softplus(Infinity)).toBe(Infinity);
    expect(softplus(-Infinity)).toBe(0);
    expect(softplus(1e308)).toBe(1e308);
    expect(softplus(0)).toBe(Math.LN2);
    expect(logSigmoid(-Infinity)).toBe(-Infinity);
    expect(logSigmoid(Infinity)).toBe(-0);
    expect(logSigmoid(-1e308)).toBe(-1e308);
  });

  test("mirror each other in every bit", () => {
    for (let x = -50; x < 50; x += 0.173) expect(logSigmoid(x)).toBe(-softplus(-x));
  });
});
