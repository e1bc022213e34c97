import { ArgumentError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { seluParameters } from "../../src/moments/parameters.ts";
import { seluMoments } from "../../src/moments/selu.ts";
import { expectClose } from "../support.ts";
import { expectWithin, golden, grid } from "./support.ts";

const ones = { sum: 1, squareSum: 1 };

describe("seluParameters", () => {
  test("gives SELU's constants for (0, 1)", () => {
    const { alpha, lambda } = seluParameters({ mean: 0, variance: 1 });
    expectWithin(alpha, 1.6732632423543772, 1e-14);
    expectWithin(lambda, 1.0507009873554805, 1e-14);
  });

  test.each([
    [0, 1, 1.673263242354377, 1.05070098735548],
    [0, 2, 1.971255750346269, 1.060709076103012],
    [-0.1, 2, 1.9769021954242, 1.073851239616046],
    [0, 0.5, 1.468059870530505, 1.040957337538635],
  ])("gives the published ones for (%d, %d)", (mean, variance, alpha, lambda) => {
    const found = seluParameters({ mean, variance });
    expectClose(found.alpha, alpha, 1e-12);
    expectClose(found.lambda, lambda, 1e-12);
  });

  test("agrees with a root found in 60 digits, near mean 0 and far from it", () => {
    for (const { mean, variance, alpha, lambda } of golden.parameters) {
      const found = seluParameters({ mean, variance });
      expectClose(found.alpha, alpha, 1e-12);
      expectClose(found.lambda, lambda, 1e-12);
    }
    expect(golden.parameters.length).toBe(16);
  });

  test("gives fixed points of seluMoments, for every variance and all means not far below 0", () => {
    for (const variance of [1e-200, 1e-9, 0.01, 0.3, 1, 3, 50, 1e9, 1e200]) {
      for (const t of grid(-20, 20, 161)) {
        const point = { mean: t * Math.sqrt(variance), variance };
        let found = { alpha: Number.NaN, lambda: Number.NaN };
        try {
          found = seluParameters(point);
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
          expect(t).toBeLessThan(-6);
          continue;
        }
        const again = seluMoments(point, ones, found);
        const tolerance = t > -6 ? 1e-13 : 1e-9;
        expectWithin(
          again.mean,
          point.mean,
          tolerance * Math.sqrt(variance + point.mean ** 2),
          `${t} ${variance}:`,
        );
        expectWithin(again.variance, variance, tolerance * variance, `${t} ${variance}:`);
      }
    }
  });

  test("is continuous at mean 0", () => {
    const [below, at, above] = [-1e-12, 0, 1e-12].map((mean) => seluParameters({ mean, variance: 1 }).alpha);
    expectWithin(below, at, 1e-11);
    expectWithin(above, at, 1e-11);
    expectWithin(below + above, 2 * at, 1e-14);
  });

  test("refuses moments without a solution in doubles, and wrong arguments", () => {
    const refused: [number, number, string][] = [
      [
        -1,
        1e-5,
        "seluParameters({ mean: -1, variance: 0.00001 }): found no alpha and lambda; " +
          "take a mean nearer to 0 or a larger variance",
      ],
      [100, 1, "found no alpha and lambda"],
      [1e200, 1e-200, "found no alpha and lambda"],
      [-1e200, 1e-200, "found no alpha and lambda"],
      [0, 0, "seluParameters: fixedPoint.variance must be > 0, got 0"],
      [0, -1, "seluParameters: fixedPoint.variance must be a finite number ≥ 0, got -1"],
      [Number.NaN, 1, "seluParameters: fixedPoint.mean must be a finite number, got NaN"],
    ];
    for (const [mean, variance, message] of refused) {
      expect(() => seluParameters({ mean, variance })).toThrow(ArgumentError);
      expect(() => seluParameters({ mean, variance })).toThrow(message);
    }
    // The way out.
    expect(seluParameters({ mean: -1, variance: 0.5 }).alpha).toBeGreaterThan(0);
  });
});
