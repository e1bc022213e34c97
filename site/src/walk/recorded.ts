import type { Recorded } from "./example.ts";
import { layoutOf } from "./layout.ts";
import type { Program } from "./program.ts";
import { type Recording, record } from "./record.ts";
import { walkOf } from "./walk.ts";

/** Runs a program under `watch` and draws its graph. @param output takes the place of the global console. */
export function recorded(program: Program, output: object = console): Recorded {
  return withLayouts(record(program, output));
}

/** A recording with its drawings. */
export function withLayouts(recording: Recording): Recorded {
  const [layers, ops] = (["layers", "ops"] as const).map((depth) => layoutOf(walkOf(recording.trace, depth)));
  return { ...recording, layouts: { layers, ops } };
}
