import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.ts";

test.each([
  ["10,000 steps op by op", "eager", 10_000],
  ["100,000 compiled steps", "compiled", 100_000],
])("%s leave heap and resident memory within a hundredth of where they were", (_, work, times) => {
  const { heap, rss } = memoryGrowth(work, times, 2);
  expect(Math.max(...heap), "heap").toBeLessThan(1.01);
  // A leak grows in every round; memory of the host itself does not.
  expect(Math.min(...rss), "rss").toBeLessThan(1.01);
});

test.each([
  ["K0: 40,000 predictions", "predict", 40_000],
  ["K0: 40,000 predictions of one row", "predict one row", 40_000],
  ["K9: predictions of 1 to 2,000 rows in turn, after all of them once,", "predict more rows", 4_000],
  ["K0: 40,000 evaluations", "evaluate", 40_000],
  ["K0: 40,000 functions that are compiled and released", "release", 40_000],
  ["K9: 2,000 shapes, 20 times each", "shapes", 40_000],
])("%s in a loop without await leave memory within a twentieth of where it was", (_, work, times) => {
  const { heap, rss } = memoryGrowth(work, times, 1);
  expect(Math.max(...heap), "heap").toBeLessThan(1.05);
  // Memory of the host itself may grow in one round, as above: then two more rounds tell.
  const rounds = Math.max(...rss) < 1.05 ? rss : memoryGrowth(work, times, 2).rss;
  expect(Math.min(...rounds), "rss").toBeLessThan(1.05);
});
