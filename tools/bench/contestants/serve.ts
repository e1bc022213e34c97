/**
 * The server in a contestant's process: one JSON request per line on standard input, one answer per line on standard
 * output. First `{ work }`, answered by `{ about }` when it is ready, or `{ unsupported }`; then `{ steps }` any number of
 * times, answered by `{ ms: [...] }` with the time of each step after an untimed one. `{ error }` if anything throws.
 */
import { createInterface } from "node:readline";
import type { Work } from "../works.ts";

/** Does the work several times. Its promise may resolve to the milliseconds to count, if they differ from the time it took. */
export type Run = (times: number) => void | Promise<void> | Promise<number>;

/** A contestant's description of a work. */
export interface Prepared {
  /** Names and versions of the software. */
  readonly about: string;
  /** Differences from the described work. */
  readonly note?: string;
  readonly run: Run;
  /** Whether a step is long enough to be timed alone, without an untimed one before it. */
  readonly long?: boolean;
  /** Further numbers about the steps so far. */
  readonly figures?: () => Readonly<Record<string, number>>;
}

/** The reason why a contestant cannot do a work; this is no failure. */
export class Unsupported extends Error {}

/** Shorter steps are timed in groups of at least this many milliseconds. */
const GROUP = 10;
/** The warm-up in milliseconds, in which the JavaScript engine compiles the code. */
const WARM_UP = 300;

/** Serves requests until standard input ends. */
export async function serve(prepare: (work: Work) => Prepared | Promise<Prepared>): Promise<void> {
  let prepared: Prepared | undefined;
  let times = 1;
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const message = JSON.parse(line);
      if ("work" in message) {
        prepared = await prepare(message.work);
        if (!prepared.long) times = await warmUp(prepared.run);
        answer({ about: prepared.about, note: prepared.note });
      } else if (prepared !== undefined) {
        if (!prepared.long) await prepared.run(times);
        const ms: number[] = [];
        for (let i = 0; i < message.steps; i++) ms.push((await timed(prepared.run, times)) / times);
        answer({ ms, figures: prepared.figures?.() });
      }
    } catch (error) {
      if (error instanceof Unsupported) answer({ unsupported: error.message });
      else answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  process.exit(0); // a library may keep timers or threads
}

/** @returns the number of steps in a group that is long enough to be timed. */
async function warmUp(run: Run): Promise<number> {
  const end = performance.now() + WARM_UP;
  let times = 1;
  for (;;) {
    const ms = await timed(run, times);
    if (ms < GROUP) times *= 2;
    else if (performance.now() > end) return Math.max(1, Math.ceil((times * GROUP) / ms));
  }
}

async function timed(run: Run, times: number): Promise<number> {
  const start = performance.now();
  const result = run(times);
  const own: unknown = result === undefined ? undefined : await result;
  return typeof own === "number" ? own : performance.now() - start;
}

function answer(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** A run of a step without promises. */
export function loop(step: () => unknown): Run {
  return (times) => {
    for (let i = 0; i < times; i++) step();
  };
}
