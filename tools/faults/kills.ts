/** kill -9 at random moments, and the files and weights afterwards. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Rng } from "@gradus/core";
import type { Progress } from "../../examples/shared/progress.ts";
import { type Ending, runTraining } from "./program.ts";

export interface Kills {
  readonly kills: number;
  /** Kills that left a file half written: they fell into a save. */
  readonly whileSaving: number;
  /** Trainings that finished, each killed and resumed many times. */
  readonly finished: number;
  /** Those whose weights differ from the uninterrupted training's. */
  readonly wrong: number;
  /** The errors of resumed trainings. */
  readonly failures: readonly string[];
}

/**
 * Kills a training and resumes it, until it has been killed several times.
 *
 * @param ms the time of an uninterrupted training: a kill comes in the first quarter of that time after each start.
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
