/** A file of finished runs: a run with the same settings and seed is not computed again. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { FormatError } from "@gradus/core";
import type { Run } from "./run.ts";

type Key = Pick<Run, "experiment" | "arm" | "seed" | "settings">;

/** Settings as text, with keys in a fixed order. */
function keyOf({ seed, settings }: Key): string {
  return JSON.stringify([seed, Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

export class RunStore {
  readonly #path: string;
  readonly #runs = new Map<string, Run>();

  /** @throws FormatError if the file is no file of runs; it is not changed. */
  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    for (const run of readRuns(path)) this.#runs.set(keyOf(run), run);
  }

  /** The finished run with these settings and this seed, of an arm of any name. */
  find(key: Key): Run | undefined {
    const found = this.#runs.get(keyOf(key));
    return found && { ...found, experiment: key.experiment, arm: key.arm };
  }

  /** All of them, oldest first. */
  get runs(): readonly Run[] {
    return [...this.#runs.values()];
  }

  /** Adds a run, also to the file, which is replaced atomically. */
  add(run: Run): void {
    this.#runs.set(keyOf(run), run);
    this.#write(this.runs);
  }

  /** Removes all runs except these, also from the file, and puts them in this order. */
  keep(runs: readonly Run[]): void {
    this.#runs.clear();
    for (const run of runs) this.#runs.set(keyOf(run), run);
    this.#write(runs);
  }

  #write(runs: readonly Run[]): void {
    const lines = runs.map((run) => JSON.stringify(run));
    const temporary = `${this.#path}.part`;
    writeFileSync(temporary, `{ "runs": [\n${lines.join(",\n")}\n] }\n`);
    renameSync(temporary, this.#path);
  }
}

/** The runs of a file. */
export function readRuns(path: string): readonly Run[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new FormatError(`${path} is no JSON file: ${(error as Error).message}; delete it or name another`);
  }
  const runs = (content as { runs?: unknown } | null)?.runs;
  if (!Array.isArray(runs) || !runs.every(isRun)) {
    throw new FormatError(`${path} is no file of runs: it needs { "runs": [{ experiment, arm, seed, … }] }`);
  }
  return runs;
}

function isRun(value: unknown): value is Run {
  const run = value as Partial<Run> | null;
  return (
    typeof run?.experiment === "string" &&
    typeof run.arm === "string" &&
    typeof run.seed === "number" &&
    typeof run.settings === "object" &&
    Array.isArray(run.epochs) &&
    Array.isArray(run.variances?.start) &&
    Array.isArray(run.variances.end)
  );
}
