import { expect, test } from "vitest";
import { oneCycle, type Schedule } from "../src/index.ts";

const rates = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule(step));

test("oneCycle reaches its peak, whatever its length", () => {
  for (let steps = 10; steps < 60; steps++) {
    expect(Math.max(...rates(oneCycle(1, { steps }), steps))).toBeGreaterThan(0.9);
    expect(oneCycle(1, { steps })(steps - 1)).toBe(1 / 25 / 1e4);
  }
  for (const steps of [1, 2, 3])
    expect(rates(oneCycle(1, { steps, riseFraction: 0 }), 5).every(Number.isFinite)).toBe(true);
});
