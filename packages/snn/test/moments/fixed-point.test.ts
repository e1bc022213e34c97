import { ArgumentError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { fixedPoint } from "../../src/moments/fixed-point.ts";
import type { Moments } from "../../src/moments/net-input.ts";
import { activationMoments } from "../../src/moments/quadrature.ts";
import { seluMoments } from "../../src/moments/selu.ts";
import { expectDigits, expectWithin, golden } from "./support.ts";

/** g for weights of sum 0. */
const layer =
  (squareSum: number) =>
  (moments: Moments): Moments =>
    seluMoments(moments, { sum: 0, squareSum });

describe("fixedPoint", () => {
  test.each([
    [0.7737, "-.0542", ".3510"],
    [0.8, "-.0519", ".4107"],
    [0.9, "-.0334", ".6743"],
    [0.95, "-.0186", ".8288"],
    [1.05, ".0223", "1.1895"],
    [1.1, ".0485", "1.3993"],
    [1.25, ".1520", "2.1789"],
    [1.5, ".4268", "4.2595"],
    [2, "1.780", "18.46"],
  ])("of SELU for a square sum of %d has the published digits", (squareSum, mean, variance) => {
    const found = fixedPoint(layer(squareSum));
    expectDigits(found.mean, mean);
    expectDigits(found.variance, variance);
  });

  test("of SELU agrees with roots found in 40 digits", () => {
    for (const { squareSum, mean, variance } of golden.fixedPoints) {
      const found = fixedPoint(layer(squareSum));
      expectWithin(found.mean, mean, 1e-11 * Math.sqrt(variance));
      expectWithin(found.variance, variance, 1e-11 * variance);
    }
    expect(golden.fixedPoints.length).toBe(11);
  });

  test("of SELU for normalized weights is (0, 1) from any start", () => {
    for (const start of [
      { mean: 3, variance: 20 },
      { mean: -1, variance: 0.01 },
      { mean: 0, variance: 1 },
    ]) {
      const { mean, variance } = fixedPoint(layer(1), { start });
      expectWithin(mean, 0, 1e-12);
      expectWithin(variance, 1, 1e-12);
    }
  });

  test("of SELU is 0 if the square sum is below 0.4956", () => {
    const slope = seluMoments({ mean: 0, variance: 1e-30 }).variance / 1e-30;
    expectDigits(1 / slope, "0.4956");
    expect(fixedPoint(layer(0.45)).variance).toBeLessThan(1e-26);
    expect(fixedPoint(layer(0.999 / slope), { steps: 1e5 }).variance).toBeLessThan(1e-20);
    expect(fixedPoint(layer(1.01 / slope), { steps: 1e5 }).variance).toBeGreaterThan(1e-6);
    expect(fixedPoint(layer(0.55)).variance).toBeGreaterThan(0.001);
  });

  test("finds the fixed point of any map, by default from (0, 1)", () => {
    const tanh = fixedPoint((moments) => activationMoments(Math.tanh, moments, { sum: 0, squareSum: 2 }));
    expectWithin(tanh.mean, 0, 1e-14);
    const again = activationMoments(Math.tanh, tanh, { sum: 0, squareSum: 2 });
    expectWithin(again.variance, tanh.variance, 1e-12);
    expect(tanh.variance).toBeGreaterThan(0.3);
    const seen: Moments[] = [];
    fixedPoint((moments) => {
      seen.push(moments);
      return { mean: 2, variance: 3 };
    });
    expect(seen).toEqual([
      { mean: 0, variance: 1 },
      { mean: 2, variance: 3 },
    ]);
  });

  test("stops earlier for a larger tolerance", () => {
    const count = (tolerance: number): number => {
      let steps = 0;
      const { variance } = fixedPoint(
        (moments) => {
          steps++;
          return layer(1)(moments);
        },
        { start: { mean: 0, variance: 2 }, tolerance },
      );
      expectWithin(variance, 1, 10 * tolerance);
      return steps;
    };
    expect(count(1e-3)).toBeLessThan(count(1e-6));
    expect(count(1e-6)).toBeLessThan(count(1e-12));
  });

  test("throws if there is none, or none in the allowed steps", () => {
    expect(() => fixedPoint(({ mean, variance }) => ({ mean: mean + 1, variance }), { steps: 7 })).toThrow(
      "fixedPoint: no convergence in 7 steps, of which the last changed the mean by 1 and the variance by 0; " +
        "take more steps, a larger tolerance or another start",
    );
    const diverging = (): Moments =>
      fixedPoint(({ mean, variance }) => ({ mean, variance: 1e200 * variance }));
    expect(diverging).toThrow(ArgumentError);
    expect(diverging).toThrow(
      "fixedPoint: step 2 led to mean 0 and variance Infinity; take a start nearer to the fixed point",
    );
    expect(() => fixedPoint(layer(3))).toThrow(ArgumentError);
  });

  test("refuses a bad start, tolerance or number of steps", () => {
    expect(() => fixedPoint(layer(1), { start: { mean: 0, variance: -1 } })).toThrow(
      "fixedPoint: start.variance must be a finite number ≥ 0, got -1",
    );
    for (const tolerance of [0, -1, 1, Number.NaN]) {
      expect(() => fixedPoint(layer(1), { tolerance })).toThrow(
        `fixedPoint: tolerance must be between 0 and 1, got ${tolerance}`,
      );
    }
    expect(() => fixedPoint(layer(1), { steps: 0 })).toThrow(
      "fixedPoint: steps must be a whole number ≥ 1, got 0",
    );
    expect(() => fixedPoint(layer(1), { maxSteps: 9 } as object)).toThrow(
      'fixedPoint: unknown option "maxSteps"; did you mean "steps"? It takes { start, tolerance, steps }',
    );
    expect(() => fixedPoint(() => undefined as unknown as Moments)).toThrow(
      "fixedPoint: what map returns must be an object { mean, variance }, got undefined",
    );
  });
});

test("K13: fixedPoint refuses what is no map", () => {
  expect(() => fixedPoint("selu" as never)).toThrow('fixedPoint: map must be a function, got "selu"');
});
