import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundled } from "../../../tools/shared/bundled.ts";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

/**
 * Options of V8 that keep resident memory steady: a young generation of fixed size, and garbage collection on the main
 * thread only.
 */
const FLAGS = ["--expose-gc", "--max-semi-space-size=1", "--single-threaded-gc"];

/** The memory after each round of some work of fixtures/flat-memory.ts, divided by the memory before the round. */
export function memoryGrowth(work: string, times: number, rounds: number): { heap: number[]; rss: number[] } {
  const args = [...FLAGS, bundled(script), work, String(times), String(rounds)];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const measures: { heap: number; rss: number }[] = JSON.parse(printed);
  const growth = (kind: "heap" | "rss"): number[] =>
    measures.slice(1).map((after, i) => after[kind] / measures[i][kind]);
  return { heap: growth("heap"), rss: growth("rss") };
}
