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

  protected override next(updated: readonly Tensor[] | null): void {
    if (updated !== null) {
      this.#updated ||= updated.some(({ tracked }) => tracked);
    } else if (this.#updated) {
      this.#updated = false;
      this.#finished++;
      if (this.#finished === this.#steps) this.#enough();
    }
    if (this.#finished === this.#steps) throw new Enough(); // also if the program caught it
  }
}

/**
 * Imports a program, and calls its `main` if it exports one, while ops, rules and updates are watched. Ends it when an op follows the
 * updates of the given training step; a program that updates no parameter runs to its end, and a step ends with a backward pass.
 *
 * @param idle resolves when nothing of the program is left to run.
 * @throws what the program throws.
 */
export async function watchProgram(
  file: string,
  steps: number,
  idle: () => Promise<void>,
  limits: Limits = { events: 20_000, numbers: 4_096, skips: /[/\\]tools[/\\]explain[/\\]/ },
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
  return shown(recorder, steps, limits);
}

async function run(file: string, idle: () => Promise<void>): Promise<void> {
  const { main } = (await import(pathToFileURL(resolve(file)).href)) as { main?: () => unknown };
  if (typeof main === "function") await main();
  await idle();
}

/** What is shown of a program. One that updates no parameter is cut after its first backward passes. */
function shown(recorder: StepCounter, steps: number, { events: most }: Limits): WatchedProgram {
  const { events, tensors } = recorder.data();
  if (recorder.trains) {
    const note = recorder.failed
      ? `these are the first ${most} events; --steps with a smaller number shows all`
      : null;
    return { trace: { events, tensors }, note };
  }
  const outermost = events.filter(({ within }) => within === null);
  let passes = 0;
  const next = outermost.find(({ kind }, i) => {
    if (kind !== "rule" && outermost[i - 1]?.kind === "rule") passes++;
    return passes === steps;
  });
  if (next === undefined && recorder.failed === null) return { trace: { events, tensors }, note: null };
  return {
    trace: { events: events.slice(0, next?.id), tensors },
    note: `no parameter is updated: a step ends with a backward pass, and --steps ${steps + 1} shows one more`,
  };
}
