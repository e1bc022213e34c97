import type { Tensor } from "@gradus/core";
import { expect } from "vitest";

/** Mean and variance of a tensor's numbers. */
export function moments({ data }: Tensor): { mean: number; variance: number } {
  let mean = 0;
  for (const value of data) mean += value / data.length;
  let variance = 0;
  for (const value of data) variance += ((value - mean) * (value - mean)) / data.length;
  return { mean, variance };
}

/** |actual − expected| ≤ tolerance·|expected|. */
export function expectClose(actual: number, expected: number, tolerance = 1e-14): void {
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}
