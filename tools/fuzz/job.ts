/** The messages between main.ts and the process that runs run.ts. */
import { createRng } from "@gradus/core";
import { mutate } from "./mutate.ts";
import type { Reader } from "./readers.ts";

/** The work of the process. */
export interface Job {
  readonly seed: number;
  /** The folder for the note about the current file. */
  readonly folder: string;
  readonly parts: readonly Part[];
}

/** The files number `from` up to but not including `to` for one reader. */
export interface Part {
  readonly reader: string;
  readonly from: number;
  readonly to: number;
}

/** A report: after each part its row of the table, and a fault if one ended it early. */
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

/** The file of this number, independent of earlier ones: first the good files, then broken ones. */
export function inputOf({ name, seeds }: Reader, seed: number, run: number): Uint8Array {
  return seeds[run] ?? mutate(seeds, createRng(`${seed}/${name}/${run}`));
}
