import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.ts";

// In the first rounds the engine still compiles code, so the round that grows least counts: a leak grows in every round. A
// hundredth of the heap is 120 bytes for each step op by op, less than any tensor takes.
test.each([
  ["1,000 steps op by op", "eager", 1_000],
  ["5,000 compiled steps", "compiled", 5_000],
  ["K0: 300 predictions", "predict", 300],
  ["K0: 300 evaluations", "evaluate", 300],
  ["K0: 500 functions that are compiled and released", "release", 500],
  ["K9: 2,000 shapes", "shapes", 2_000],
])(
  "%s in a loop without await leave heap and resident memory within a hundredth of where they were",
  (_, work, times) => {
    const { heap, rss } = memoryGrowth(work, times, 5);
    expect(Math.min(...heap), "heap").toBeLessThan(1.01);
    expect(Math.min(...rss), "rss").toBeLessThan(1.01);
  },
);
