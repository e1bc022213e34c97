/**
 * Into how many linear pieces ReLU nets cut a plane: `pnpm linear-regions [options]`, `pnpm linear-regions --help`.
 *
 * Draws docs/figures/linear-regions-*.svg. A quick run, whose numbers are other ones, leaves its pictures in out/.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GradusError } from "@gradus/core";
import { Presets, SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { figures } from "./figures.ts";
import { FULL, measure, type Progress, QUICK } from "./measure.ts";
import { tables } from "./tables.ts";

interface Options {
  readonly quick?: boolean;
  readonly json?: string;
}

/** Where the figures of the documentation are, and those of a quick run. */
const folder = (quick: boolean): string =>
  quick ? resolve("out") : fileURLToPath(new URL("../../docs/figures/", import.meta.url));

async function run({ quick = false, json }: Options): Promise<void> {
  const bar = progressBar();
  const { results, lessons } = await measure(quick ? QUICK : FULL, bar.progress).finally(bar.stop);
  console.log(tables(results).join("\n\n\n"));
  const target = folder(quick);
  mkdirSync(target, { recursive: true });
  for (const [name, svg] of Object.entries(await figures(results, lessons))) {
    writeFileSync(join(target, name), svg);
  }
  console.log(`\nWrote ${join(relative(".", target), "linear-regions-*.svg")}`);
  if (json) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}

/** On standard error, and only if that is a terminal. */
function progressBar(): { progress: Progress; stop(): void } {
  if (process.stderr.isTTY !== true) return { progress: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: "{bar} {percentage} % {what}",
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { what: "" });
  const progress: Progress = (done, total, what) => {
    bar.setTotal(total);
    bar.update(done, { what });
  };
  const stop = once(() => bar.stop()); // also gives the cursor back
  process.once("exit", stop);
  return { progress, stop };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

/** Refuses a path that could not be written after the work. */
function writablePath(text: string): string {
  const path = resolve(text);
  if (existsSync(path) && statSync(path).isDirectory())
    throw new InvalidArgumentError(`${path} is a folder.`);
  try {
    accessSync(existsSync(path) ? path : `${dirname(path)}/`, constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`${path} cannot be written: is there such a folder?`);
  }
  return path;
}

async function main(): Promise<void> {
  const options = new Command("linear-regions")
    .description("Counts the linear regions of ReLU nets, beside the bounds, and draws them.")
    .option("--quick", "fewer nets and shorter trainings; figures go to out/")
    .option("--json <file>", "write all numbers to a file", writablePath)
    .parse()
    .opts<Options>();
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => process.exit(code));
  }
  try {
    await run(options);
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    console.error(`\n${error.name}: ${error.message}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
