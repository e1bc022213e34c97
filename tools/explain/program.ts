import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tensor } from "@gradus/core";
import type { TraceData } from "@gradus/core/watch";
import { type Limits, Recorder, withHook } from "./internals.ts";
import { nameNets } from "./net-names.ts";

/** A program that was watched: its steps, and what to know about them. */
export interface WatchedProgram {
  readonly trace: TraceData;
  readonly note: string | null;
}

/** Ends the program after the last step that was asked for. */
class Enough extends Error {
  override name = "Enough";
}

/** Whether an error only says that the program was ended. */
export function isEnough(error: unknown): boolean {
  return error instanceof Enough;
}

type Call<K extends "op" | "within" | "rule" | "update"> = Parameters<Recorder[K]>;

/** Counts training steps: one ends when an op or rule follows updates of parameters. */
class StepCounter extends Recorder {
  readonly #steps: number;
  readonly #enough: () => void;
  #finished = 0;
  #updated = false;

  constructor(limits: Limits, steps: number, enough: () => void) {
    super(limits, null);
    this.#steps = steps;
    this.#enough = enough;
  }

  /** Whether parameters were updated. */
  get trains(): boolean {
    return this.#finished > 0 || this.#updated;
  }

  override op(...call: Call<"op">): ReturnType<Recorder["op"]> {
    this.#next();
    return super.op(...call);
  }

  override within<T>(name: string, inputs: readonly Tensor[], run: () => T, ...declared: unknown[]): T {
    this.#next();
    return super.within(name, inputs, run, ...(declared as []));
  }

  override rule(...call: Call<"rule">): Tensor {
    this.#next();
    return super.rule(...call);
  }

  override update(...call: Call<"update">): void {
    if (this.#finished === this.#steps) throw new Enough();
    super.update(...call);
    this.#updated ||= call[2].some(({ tracked }) => tracked);
  }

  /** Called before an op or rule. */
  #next(): void {
    if (this.#updated) {
      this.#updated = false;
      this.#finished++;
      if (this.#finished === this.#steps) this.#enough();
    }
    if (this.#finished === this.#steps) throw new Enough(); // also if the program caught it
  }
}

/**
 * Imports a program, and calls its `main` if it exports one, while ops, rules and updates are watched. Ends it when an op follows the
 * updates of the given training step; a program that updates no parameter runs to its end.
 *
 * @param idle resolves when nothing of the program is left to run.
 * @throws what the program throws.
 */
export async function watchProgram(
  file: string,
  steps: number,
  idle: () => Promise<void>,
  limits: Limits = { events: 20_000, numbers: 4_096 },
): Promise<WatchedProgram> {
  let enough = (): void => {};
  const ended = new Promise<void>((done) => {
    enough = done;
  });
  const recorder = new StepCounter(limits, steps, enough);
  const undo = nameNets(recorder);
  withHook(recorder, () => {}, recorder); // until the program has ended
  try {
    await Promise.race([ended, run(file, idle)]);
  } catch (error) {
    if (!isEnough(error) && recorder.failed === null) throw error;
  } finally {
    withHook(null, () => {}, null);
    undo();
  }
  return recorder.failed === null ? { trace: recorder.data(), note: null } : cut(recorder, steps, limits);
}

async function run(file: string, idle: () => Promise<void>): Promise<void> {
  const { main } = (await import(pathToFileURL(resolve(file)).href)) as { main?: () => unknown };
  if (typeof main === "function") await main();
  await idle();
}

/** What is shown of a program with too many events: if it trains not at all, its first backward passes. */
function cut(recorder: StepCounter, steps: number, { events: most }: Limits): WatchedProgram {
  const { events, tensors } = recorder.data();
  if (recorder.trains) {
    return { trace: { events, tensors }, note: `only the first ${most} events: ask for fewer steps` };
  }
  const outermost = events.filter(({ within }) => within === null);
  let passes = 0;
  const next = outermost.find(({ kind }, i) => {
    if (kind !== "rule" && outermost[i - 1]?.kind === "rule") passes++;
    return passes === steps;
  });
  return {
    trace: { events: next === undefined ? events : events.slice(0, next.id), tensors },
    note: `no parameter was updated in the first ${most} events; these are the first, up to backward pass ${steps}`,
  };
}
