import type { Recorded } from "./example.ts";
import { layoutOf } from "./layout.ts";
import type { Program } from "./program.ts";
import { record } from "./record.ts";
import { walkOf } from "./walk.ts";

/** Runs a program under `watch` and draws its graph. @param output takes the place of the global console. */
export function recorded(program: Program, output: object = console): Recorded {
  const recording = record(program, output);
  const [layers, ops] = (["layers", "ops"] as const).map((depth) => layoutOf(walkOf(recording.trace, depth)));
  return { ...recording, layouts: { layers, ops } };
}
