/** kill -9 at random moments, and what is left. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Rng } from "@gradus/core";
import type { Progress } from "../../examples/shared/progress.ts";
import { type Ending, runTraining } from "./program.ts";

export interface Kills {
  readonly kills: number;
  /** Kills that left a file half written: they fell into a save. */
  readonly whileSaving: number;
  /** Trainings that came to their end, each killed and gone on with many times. */
  readonly finished: number;
  /** Those whose weights are not those of the undisturbed one. */
  readonly wrong: number;
  /** What went wrong when a training was to go on. */
  readonly failures: readonly string[];
}

/**
 * Kills a training and goes on with it until it has been killed so often.
 *
 * @param ms what it takes undisturbed: a kill falls into the first quarter of that, counted from where it goes on.
 */
export async function kill(
  program: string,
  folder: string,
  undisturbed: { readonly digest: string; readonly ms: number },
  { count, rng, progress }: { readonly count: number; readonly rng: Rng; readonly progress: Progress },
): Promise<Kills> {
  const failures: string[] = [];
  let [kills, whileSaving, finished, wrong] = [0, 0, 0, 0];
  let dir = "";
  const judge = ({ digest, code, errors }: Ending): void => {
    if (digest === undefined) {
      failures.push(`after kill ${kills}: exit code ${code}: ${errors.trim().slice(-300)}`);
      return;
    }
    finished++;
    if (digest !== undisturbed.digest) wrong++;
  };
  const begin = (): void => {
    dir = join(folder, `run-${finished + failures.length}`);
    mkdirSync(dir);
  };
  begin();
  while (kills < count) {
    progress(kills, count, `${kills} of ${count} kills, ${finished} trainings done`);
    const delay = rng.next() * 0.25 * undisturbed.ms;
    const ending = await runTraining(program, dir, (child) => {
      setTimeout(() => child.kill("SIGKILL"), delay);
    });
    if (ending.signal === "SIGKILL") {
      kills++;
      if (readdirSync(dir).some((name) => name.includes(".tmp-"))) whileSaving++;
      continue;
    }
    judge(ending);
    rmSync(dir, { recursive: true });
    begin();
  }
  // The last one is brought to its end too.
  judge(await runTraining(program, dir));
  progress(count, count, "");
  return { kills, whileSaving, finished, wrong, failures };
}
