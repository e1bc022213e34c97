/** What main.ts asks of the process that runs run.ts, and what that says in return. */
import { createRng } from "@gradus/core";
import { mutate } from "./mutate.ts";
import type { Reader } from "./readers.ts";

/** What is to be done. */
export interface Job {
  readonly seed: number;
  /** Where the note about the file being read goes. */
  readonly folder: string;
  readonly parts: readonly Part[];
}

/** The files number `from` up to but not including `to` for one reader. */
export interface Part {
  readonly reader: string;
  readonly from: number;
  readonly to: number;
}

/** What is told on the way: after each part its row of the table, and a fault that ended it early. */
export type News =
  | { readonly kind: "progress"; readonly reader: string; readonly done: number }
  | { readonly kind: "fault"; readonly reader: string; readonly run: number; readonly fault: string }
  | ({ readonly kind: "row" } & Row);

export interface Row {
  readonly reader: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly slowest: number;
}

/** In the job's folder: reader and number of the file being read. */
export const NOTE = "reading.txt";

/** The file that a run is about, whatever came before it: first the good files as they are, then broken ones. */
export function inputOf({ name, seeds }: Reader, seed: number, run: number): Uint8Array {
  return seeds[run] ?? mutate(seeds, createRng(`${seed}/${name}/${run}`));
}
