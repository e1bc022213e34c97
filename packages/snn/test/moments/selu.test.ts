import { ArgumentError, selu, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { Moments } from "../../src/moments/net-input.ts";
import { seluJacobian, seluMoments } from "../../src/moments/selu.ts";
import { spectralNorm } from "./selu/support.ts";
import { expectDigits, expectWithin, golden } from "./support.ts";

describe("seluMoments", () => {
  test("agrees with hundreds of digits at every golden point", () => {
    for (const point of golden.points) {
      const { mean, variance } = seluMoments(point, point, point);
      const where = JSON.stringify([point.mean, point.variance, point.sum, point.squareSum]);
      expectWithin(mean, point.result[0], 1e-15 * Math.sqrt(point.secondMoment), `mean at ${where}:`);
      expectWithin(variance, point.result[1], 2e-13 * point.result[1], `variance at ${where}:`);
    }
    expect(golden.points.length).toBeGreaterThan(90);
  });

  test("maps (0, 1) to itself for normalized weights", () => {
    const { mean, variance } = seluMoments({ mean: 0, variance: 1 });
    expectWithin(mean, 0, 1e-15);
    expectWithin(variance, 1, 1e-15);
  });

  test("depends on the input and the weights through μω and ντ alone", () => {
    const expected = seluMoments({ mean: 0.5, variance: 3 }, { sum: 1, squareSum: 1 });
    expect(seluMoments({ mean: -2, variance: 6 }, { sum: -0.25, squareSum: 0.5 })).toEqual(expected);
  });

  test.each([
    [
      0.1,
      1.5,
      [".044983438", "1.371531"],
      [".033393127", "1.2793581"],
      [".0039871033", "1.0348551"],
      ["2.1e-7", "1.0000019"],
    ],
    [
      0,
      4,
      [".25482844", "2.9411019"],
      [".17013183", "2.3130757"],
      [".014084572", "1.1209991"],
      ["7.1e-7", "1.0000063"],
    ],
    [
      0,
      0.05,
      ["-.043491291", ".081004259"],
      ["-.049464987", ".12461239"],
      ["-.030646071", ".70493828"],
      ["-2.2e-6", ".9999802"],
    ],
  ])("draws (%d, %d) to (0, 1) layer by layer", (mean, variance, ...table) => {
    let now: Moments = { mean, variance };
    for (let layer = 1; layer <= 50; layer++) {
      now = seluMoments(now);
      const row = [1, 2, 10, 50].indexOf(layer);
      if (row < 0) continue;
      expectDigits(now.mean, table[row][0]);
      expectDigits(now.variance, table[row][1]);
    }
  });

  test("is selu(μω) with variance 0 for a constant input or zero weights", () => {
    for (const mean of [-3, -1e-9, -0, 0, 1e-9, 4]) {
      const expected = { mean: selu(tensor(2 * mean)).item(), variance: 0 };
      expectWithin(seluMoments({ mean, variance: 0 }, { sum: 2, squareSum: 5 }).mean, expected.mean, 1e-15);
      expect(seluMoments({ mean, variance: 0 }, { sum: 2, squareSum: 5 }).variance).toBe(0);
      const { mean: still, variance } = seluMoments({ mean, variance: 7 }, { sum: 0, squareSum: 0 });
      expect(still === 0 && variance === 0).toBe(true);
    }
  });

  test("has full precision for variances from 1e-300 to 1e300", () => {
    // Towards 0 selu is two straight lines, and far out one line and 0: all is in proportion to σ.
    const near = [1e-20, 1e-100, 1e-300].map(
      (variance) => seluMoments({ mean: 0, variance }).variance / variance,
    );
    const far = [1e40, 1e100, 1e300].map(
      (variance) => seluMoments({ mean: 0, variance }).variance / variance,
    );
    const { alpha, lambda } = golden.parameters[0];
    const lines = (left: number): number =>
      lambda * lambda * ((1 + left * left) / 2 - (1 - left) ** 2 / (2 * Math.PI));
    for (const ratio of near) expectWithin(ratio, lines(alpha), 4e-10);
    expectWithin(near[2], lines(alpha), 1e-14);
    for (const ratio of far) expectWithin(ratio, lines(0), 1e-14);
    expectDigits(lines(alpha), "2.018");
  });

  test("is the straight line λz far right of 0, and −λα far left of it", () => {
    const { alpha, lambda } = golden.parameters[0];
    const weights = { sum: 1, squareSum: 1 };
    for (const variance of [1e-300, 1e-8, 1]) {
      const right = seluMoments({ mean: 1e6, variance }, weights);
      expectWithin(right.mean, lambda * 1e6, 1e-9);
      expectWithin(right.variance, lambda * lambda * variance, 1e-15 * variance);
      const left = seluMoments({ mean: -1e6, variance }, weights);
      expectWithin(left.mean, -lambda * alpha, 1e-15);
      expect(left.variance).toBe(0);
    }
    expect(seluMoments({ mean: 1e300, variance: 1e-300 }, weights).mean).toBeLessThan(Infinity);
    expect(seluMoments({ mean: -1e300, variance: 1e-300 }, weights).variance).toBe(0);
  });

  test("is continuous where its methods meet", () => {
    // |m| and σ at which E z² = 1/4, and m + 2v = −9σ.
    const seams = [
      ...[0.1, 0.6, 0.99].map((c) => [-0.5 * c, 0.25 * (1 - c * c)]),
      [-0.4545, 0.0025],
      [-20, 4],
    ];
    for (const [mean, variance] of seams) {
      for (const step of [1e-9, 1e-7]) {
        const [low, middle, high] = [-step, 0, step].map((e) =>
          seluMoments({ mean: mean * (1 - e), variance: variance * (1 + e) }, { sum: 1, squareSum: 1 }),
        );
        for (const moment of ["mean", "variance"] as const) {
          const bend = Math.abs(low[moment] + high[moment] - 2 * middle[moment]);
          expect(bend).toBeLessThan(Math.abs(middle[moment]) * (1e-12 + 1e4 * step * step));
        }
      }
    }
  });

  test("refuses a wrong mean, variance, weight or parameter, and names it", () => {
    const one = { mean: 0, variance: 1 };
    const bad = (value: unknown): never => value as never;
    const refused: [() => unknown, string][] = [
      [
        () => seluMoments({ mean: Number.NaN, variance: 1 }),
        "seluMoments: input.mean must be a finite number, got NaN",
      ],
      [
        () => seluMoments({ mean: 0, variance: -1 }),
        "seluMoments: input.variance must be a finite number ≥ 0, got -1",
      ],
      [
        () => seluMoments({ mean: 0, variance: Number.NaN }),
        "input.variance must be a finite number ≥ 0, got NaN",
      ],
      [
        () => seluMoments({ mean: 0, variance: Infinity }),
        "input.variance must be a finite number ≥ 0, got Infinity",
      ],
      [
        () => seluMoments(bad(undefined)),
        "seluMoments: input must be an object { mean, variance }, got undefined",
      ],
      [() => seluMoments(bad([0, 1])), "seluMoments: input.mean must be a finite number, got undefined"],
      [
        () => seluMoments(one, { sum: Infinity, squareSum: 1 }),
        "weights.sum must be a finite number, got Infinity",
      ],
      [
        () => seluMoments(one, { sum: 0, squareSum: -0.5 }),
        "weights.squareSum must be a finite number ≥ 0, got -0.5",
      ],
      [
        () => seluMoments(one, bad(null)),
        "seluMoments: weights must be an object { sum, squareSum }, got null",
      ],
      [
        () => seluMoments(one, undefined, { alpha: Number.NaN, lambda: 1 }),
        "parameters.alpha must be a finite number",
      ],
      [
        () => seluMoments(one, undefined, bad({ alpha: 1 })),
        "parameters.lambda must be a finite number, got undefined",
      ],
      [
        () => seluMoments({ mean: 1e200, variance: 1 }, { sum: 1e200, squareSum: 1 }),
        "seluMoments: the net input has mean Infinity and variance 1; take a smaller input or smaller weights",
      ],
      [
        () => seluJacobian({ mean: 0, variance: -1 }),
        "seluJacobian: input.variance must be a finite number ≥ 0, got -1",
      ],
      [
        () => seluJacobian({ mean: 0, variance: 0 }),
        "seluJacobian: variance · squareSum must be > 0, got 0 · 1",
      ],
      [() => seluJacobian(one, { sum: 1, squareSum: 0 }), "variance · squareSum must be > 0, got 1 · 0"],
      [
        () => seluJacobian(one, undefined, { alpha: 1, lambda: Infinity }),
        "seluJacobian: parameters.lambda must be",
      ],
    ];
    for (const [call, message] of refused) {
      expect(call).toThrow(ArgumentError);
      expect(call).toThrow(message);
    }
  });
});

describe("seluJacobian", () => {
  test("agrees with hundreds of digits at every golden point", () => {
    for (const point of golden.points) {
      const jacobian = seluJacobian(point, point, point);
      const largest = Math.max(...point.jacobian.flat().map(Math.abs));
      point.jacobian.forEach((row, i) => {
        row.forEach((expected, j) => {
          const where = `entry ${i},${j} at ${JSON.stringify([point.mean, point.variance])}:`;
          expectWithin(jacobian[i][j], expected, 1e-14 * largest, where);
        });
      });
    }
  });

  test("at (0, 1) has the published entries and spectral norm", () => {
    const jacobian = seluJacobian({ mean: 0, variance: 1 });
    const [[a, b], [c, d]] = jacobian;
    expect([a, c]).toEqual([0, 0]);
    expectWithin(b, 0.0888347551068901, 1e-15);
    expectWithin(d, 0.7826478831968128, 1e-15);
    expectWithin(spectralNorm(jacobian), 0.787673360465715, 1e-15);
  });

  test("has finite entries for the smallest and the largest variance but that of the mean by the variance", () => {
    for (const variance of [1e-300, 1e300]) {
      for (const mean of [-1, 0, 1]) {
        const weights = { sum: 1, squareSum: 1 };
        const jacobian = seluJacobian({ mean, variance }, weights);
        expect(jacobian.flat().every(Number.isFinite)).toBe(true);
      }
    }
    const [, [, d]] = seluJacobian({ mean: 0, variance: 1e-300 });
    expectDigits(d, "2.018");
  });
});
