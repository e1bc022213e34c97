import { createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { Moments, WeightMoments } from "../../../src/moments/net-input.ts";
import { seluJacobian, seluMoments } from "../../../src/moments/selu.ts";
import { expectWithin, grid } from "../support.ts";
import { spectralNorm } from "./support.ts";

/** The theorems name their points (μ, ω, ν, τ). */
function at(mean: number, sum: number, variance: number, squareSum: number): [Moments, WeightMoments] {
  return [
    { mean, variance },
    { sum, squareSum },
  ];
}

/** All corners and inner points of a box, and some points drawn at random. */
function sweep(box: readonly (readonly [number, number])[], count: number, draws: number): number[][] {
  const points = box
    .map(([low, high]) => grid(low, high, count))
    .reduce<number[][]>(
      (all, values) => all.flatMap((point) => values.map((value) => [...point, value])),
      [[]],
    );
  const rng = createRng("sweep");
  for (let i = 0; i < draws; i++) {
    points.push(box.map(([low, high]) => low + (high - low) * rng.next()));
  }
  return points;
}

describe("theorem 1: for μ, ω in [−0.1, 0.1], ν in [0.8, 1.5], τ in [0.95, 1.1]", () => {
  const points = sweep(
    [
      [-0.1, 0.1],
      [-0.1, 0.1],
      [0.8, 1.5],
      [0.95, 1.1],
    ],
    7,
    500,
  ).map(([mean, sum, variance, squareSum]) => at(mean, sum, variance, squareSum));

  test("g contracts: the largest singular value is 0.8976, at a corner", () => {
    const largest = spectralNorm(seluJacobian(...at(-0.1, -0.1, 0.8, 1.1)));
    expectWithin(largest, 0.8976083584089, 1e-13);
    for (const point of points)
      expect(spectralNorm(seluJacobian(...point))).toBeLessThanOrEqual(largest + 1e-15);
  });

  test("g maps into the domain: mean and variance are extreme at the given corners", () => {
    const [lowMean, highMean] = [
      seluMoments(...at(0.1, -0.1, 0.8, 0.95)).mean,
      seluMoments(...at(0.1, 0.1, 1.5, 1.1)).mean,
    ];
    const [lowVariance, highVariance] = [
      seluMoments(...at(-0.1, 0.1, 0.8, 0.95)).variance,
      seluMoments(...at(0.1, 0.1, 1.5, 1.1)).variance,
    ];
    expectWithin(lowMean, -0.031060501792, 1e-12);
    expectWithin(highMean, 0.06772510169, 1e-12);
    expectWithin(lowVariance, 0.803711757679, 1e-12);
    expectWithin(highVariance, 1.481574958271, 1e-12);
    for (const point of points) {
      const { mean, variance } = seluMoments(...point);
      expect(mean).toBeGreaterThanOrEqual(lowMean - 1e-15);
      expect(mean).toBeLessThanOrEqual(highMean + 1e-15);
      expect(variance).toBeGreaterThanOrEqual(lowVariance - 1e-15);
      expect(variance).toBeLessThanOrEqual(highVariance + 1e-15);
      // The box that the paper proves.
      expect(mean > -0.03106 - 1e-6 && mean < 0.06773 && variance > 0.80009 && variance < 1.48617).toBe(true);
    }
  });
});

test("theorem 2: a variance in [3, 16] falls", () => {
  const gap = (point: number[]): number =>
    seluMoments(...at(point[0], point[1], point[2], point[3])).variance - point[2];
  const largest = gap([-1, -0.1, 3, 1.25]);
  expectWithin(largest, -0.119744289956, 1e-12);
  const box = [
    [-1, 1],
    [-0.1, 0.1],
    [3, 16],
    [0.8, 1.25],
  ] as const;
  for (const point of sweep(box, 7, 500)) expect(gap(point)).toBeLessThanOrEqual(largest + 1e-14);
});

test("theorem 3: a variance in [0.02, 0.16] rises", () => {
  const gap = (point: number[]): number =>
    seluMoments(...at(point[0], point[1], point[2], point[3])).variance - point[2];
  const smallest = gap([0.1, 0.1, 0.02, 0.8]);
  expectWithin(smallest, 0.0077360832, 1e-10);
  const box = [
    [-0.1, 0.1],
    [-0.1, 0.1],
    [0.02, 0.16],
    [0.8, 1.25],
  ] as const;
  for (const point of sweep(box, 7, 500)) expect(gap(point)).toBeGreaterThanOrEqual(smallest - 1e-15);
});
