import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

/**
 * A young generation of the heap that keeps its size, and a collector that does not lag behind on threads of its own: both
 * would make resident memory wander.
 */
const FLAGS = ["--expose-gc", "--max-semi-space-size=1", "--single-threaded-gc"];

test.each([
  ["10,000 steps op by op", "eager", 10_000],
  ["100,000 compiled steps", "compiled", 100_000],
])("%s leave heap and resident memory within a hundredth of where they were", (_, way, steps) => {
  const args = [...FLAGS, "--conditions=@gradus/source", "--import", "tsx", script, way, String(steps)];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const measures: { heap: number; rss: number }[] = JSON.parse(printed);
  const growth = (kind: "heap" | "rss"): number[] =>
    measures.slice(1).map((after, i) => after[kind] / measures[i][kind]);
  expect(Math.max(...growth("heap")), "heap").toBeLessThan(1.01);
  // What leaks grows every time; the host's own housekeeping does not.
  expect(Math.min(...growth("rss")), "rss").toBeLessThan(1.01);
});
