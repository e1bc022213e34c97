import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.ts";

test.each([
  ["10,000 steps op by op", "eager", 10_000],
  ["100,000 compiled steps", "compiled", 100_000],
] as const)("%s leave heap and resident memory within a hundredth of where they were", (_, way, steps) => {
  const { heap, rss } = memoryGrowth(way, steps, 2);
  expect(Math.max(...heap), "heap").toBeLessThan(1.01);
  // A leak grows in every round; memory of the host itself does not.
  expect(Math.min(...rss), "rss").toBeLessThan(1.01);
});
