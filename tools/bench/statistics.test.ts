import { expect, test } from "vitest";
import { median, pairedRatios, quantile, spread } from "./statistics.ts";

test("quantiles lie between neighbours, whatever the order of the values", () => {
  expect([0, 0.25, 0.5, 1].map((p) => quantile([30, 10, 20], p))).toEqual([10, 15, 20, 30]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test("a spread is the range of the middle four fifths", () => {
  const values = Array.from({ length: 11 }, (_, i) => 10 * i);
  expect(spread(values)).toEqual({ p10: 10, median: 50, p90: 90 });
});

test("ratios are paired by round, so a slow phase of the machine cancels", () => {
  expect(pairedRatios([2, 20, 2], [1, 10, 1])).toEqual([2, 2, 2]);
  expect(pairedRatios([2, undefined, 6], [1, 1, undefined])).toEqual([2]);
});
