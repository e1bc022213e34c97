import type { Recorded } from "./example.ts";
import { layoutOf } from "./layout.ts";
import type { Program } from "./program.ts";
import { record } from "./record.ts";
import { walkOf } from "./walk.ts";

/** Runs a program under `watch` and draws its graph. */
export function recorded(program: Program): Recorded {
  const recording = record(program);
  const [layers, ops] = (["layers", "ops"] as const).map((depth) => layoutOf(walkOf(recording.trace, depth)));
  return { ...recording, layouts: { layers, ops } };
}
