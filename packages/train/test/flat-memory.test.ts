import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

test("10,000 compiled steps leave heap and resident memory within 1 % of where they were", () => {
  const args = ["--expose-gc", "--conditions=@gradus/source", "--import", "tsx", script];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const measures: { heap: number; rss: number }[] = JSON.parse(printed);
  for (const kind of ["heap", "rss"] as const) {
    // What leaks grows every time; the host's own housekeeping does not.
    const growth = measures.slice(1).map((after, i) => after[kind] / measures[i][kind]);
    expect(Math.min(...growth), kind).toBeLessThan(1.01);
  }
});
