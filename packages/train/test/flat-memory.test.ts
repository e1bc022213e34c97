import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.ts";

// In the first rounds the engine still compiles code, and the heap goes up and down by a few hundredths, so the round that
// grows least counts: a leak grows in every round. The long form has more steps and stricter bounds.
test.each([
  ["200 steps op by op", "eager", 200],
  ["1,000 compiled steps", "compiled", 1_000],
  ["K0: 150 predictions", "predict", 150],
  ["K0: 100 evaluations", "evaluate", 100],
  ["K0: 150 functions that are compiled and released", "release", 150],
  ["K9: 1,000 shapes", "shapes", 1_000],
])(
  "%s in a loop without await leave heap and resident memory within a hundredth of where they were",
  (_, work, times) => {
    const { heap, rss } = memoryGrowth(work, times, 8);
    expect(Math.min(...heap), "heap").toBeLessThan(1.01);
    expect(Math.min(...rss), "rss").toBeLessThan(1.01);
  },
);
