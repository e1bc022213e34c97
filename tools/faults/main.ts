/**
 * Kills and other faults during a training with checkpoints: `pnpm faults [--kills N] [--seed S]`, `--help`. Exit
 * code 1 if anything was lost.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@gradus/core";
import { Command } from "commander";
import { wholeNumber } from "../../examples/shared/options.ts";
import { barOnError } from "../../examples/shared/progress.ts";
import { failDisks } from "./disks.ts";
import { kill } from "./kills.ts";
import { bundleTraining, runTraining } from "./program.ts";

const { kills: count, seed } = new Command("faults")
  .description("Kills a training with checkpoints, and makes its disk fail: nothing may be lost.")
  .option("--kills <n>", "number of kills at random moments", wholeNumber(0), 200)
  .option("--seed <text>", "seed of the moments", "1")
  .parse()
  .opts<{ kills: number; seed: string }>();

const folder = mkdtempSync(join(tmpdir(), "gradus-faults-"));
process.once("SIGINT", () => process.exit(130));
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const program = await bundleTraining(folder);
const first = join(folder, "undisturbed");
mkdirSync(first);
const { digest, ms, errors } = await runTraining(program, first);
if (digest === undefined) throw new Error(`the training fails without a fault: ${errors}`);
console.log(`Undisturbed: ${(ms / 1000).toFixed(1)} s, digest ${digest.slice(0, 16)}…\n`);

const disks = await failDisks(program, folder, digest);
for (const { name, result, said } of disks) {
  console.log(`${name}: ${result}`);
  if (said !== "") console.log(`  ${said}`);
}

const bar = barOnError("kill -9 ");
const killed = await kill(
  program,
  folder,
  { digest, ms },
  { count, rng: createRng(seed), progress: bar.progress },
).finally(bar.stop);
console.log(`
${killed.kills} kills at random moments (seed ${seed}), ${killed.whileSaving} of them in the middle of a save.
${killed.finished} trainings came to their end, ${killed.finished - killed.wrong} of them with the digest of the undisturbed one.`);
for (const failure of killed.failures) console.log(`  ${failure}`);

const lost = killed.wrong > 0 || killed.failures.length > 0 || disks.some(({ passed }) => !passed);
console.log(lost ? "\nSomething was LOST." : "\nNothing was lost.");
process.exitCode = lost ? 1 : 0;
