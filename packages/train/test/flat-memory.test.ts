import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.ts";

// In so few steps the engine still compiles code in the first round, so the round that grows less counts: what leaks grows
// every time. A hundredth of the heap is 60 bytes for each step op by op, less than any tensor.
test.each([
  ["2,000 steps op by op", "eager", 2_000],
  ["10,000 compiled steps", "compiled", 10_000],
] as const)("%s leave heap and resident memory within a hundredth of where they were", (_, way, steps) => {
  const { heap, rss } = memoryGrowth(way, steps);
  expect(Math.min(...heap), "heap").toBeLessThan(1.01);
  expect(Math.min(...rss), "rss").toBeLessThan(1.01);
});
