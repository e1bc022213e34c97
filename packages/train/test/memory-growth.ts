import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

/**
 * A young generation of the heap that keeps its size, and a collector that does not lag behind on threads of its own: both
 * would make resident memory wander.
 */
const FLAGS = ["--expose-gc", "--max-semi-space-size=1", "--single-threaded-gc"];

/** Memory after each of some rounds of so many training steps, as a multiple of that before the round. */
export function memoryGrowth(
  way: "eager" | "compiled",
  steps: number,
  rounds: number,
): { heap: number[]; rss: number[] } {
  const program = ["--conditions=@gradus/source", "--import", "tsx", script];
  const args = [...FLAGS, ...program, way, String(steps), String(rounds)];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const measures: { heap: number; rss: number }[] = JSON.parse(printed);
  const growth = (kind: "heap" | "rss"): number[] =>
    measures.slice(1).map((after, i) => after[kind] / measures[i][kind]);
  return { heap: growth("heap"), rss: growth("rss") };
}
