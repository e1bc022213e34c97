import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

test.each([
  ["10,000 steps op by op", "eager", 10_000],
  ["100,000 compiled steps", "compiled", 100_000],
])("%s leave heap and resident memory within a hundredth of where they were", (_, way, steps) => {
  const args = ["--expose-gc", "--conditions=@gradus/source", "--import", "tsx", script, way, String(steps)];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const measures: { heap: number; rss: number }[] = JSON.parse(printed);
  for (const kind of ["heap", "rss"] as const) {
    // What leaks grows every time; the host's own housekeeping does not.
    const growth = measures.slice(1).map((after, i) => after[kind] / measures[i][kind]);
    expect(Math.min(...growth), kind).toBeLessThan(1.01);
  }
});
