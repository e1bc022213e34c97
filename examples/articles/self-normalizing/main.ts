/**
 * All experiments of the articles on SELU: `pnpm self-normalizing [options]`, `--help`.
 *
 * Finished runs are stored in a file; the next call runs only the missing ones.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadMnist } from "@gradus/data/node";
import { threads } from "@gradus/engine";
import { progressBar } from "@gradus/train/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { sentenceFor } from "../../shared/failure.ts";
import { wholeNumber } from "../../shared/options.ts";
import { tooShortToJudge } from "../../shared/quick.ts";
import { asText } from "../../shared/table.ts";
import { fillIn } from "./docs.ts";
import { type Arm, type Experiment, experiments, quick } from "./experiments.ts";
import { drawFigures } from "./figures.ts";
import { type Run, train } from "./run.ts";
import { describe } from "./settings.ts";
import { RunStore } from "./store.ts";
import { resultTable } from "./tables.ts";

interface Options {
  readonly quick?: boolean;
  readonly fresh?: boolean;
  readonly json: string;
  readonly only?: readonly string[];
  readonly figures?: string;
  readonly docs?: boolean;
  readonly threads: number;
}

/** Runs the arms that are not in the store yet. @returns all runs of these experiments, in their order. */
export async function runAll(
  chosen: readonly Experiment[],
  store: RunStore,
  signal?: AbortSignal,
): Promise<readonly Run[]> {
  const todo = chosen.flatMap((experiment) =>
    experiment.arms.flatMap((arm) =>
      Array.from({ length: experiment.seeds }, (_, i) => ({ experiment, arm, seed: i + 1 })),
    ),
  );
  const mnist = await loadMnist();
  const runs: Run[] = [];
  for (const [i, { experiment, arm, seed }] of todo.entries()) {
    const key = { experiment: experiment.id, arm: arm.name, seed, settings: arm.settings };
    const known = store.find(key);
    if (known === undefined) {
      console.log(`run ${i + 1} of ${todo.length}: ${heading(experiment, arm)}, seed ${seed}`);
      const run = await train(mnist, key, { callbacks: [progressBar()], ...(signal && { signal }) });
      store.add(run);
      runs.push(run);
    } else runs.push(known);
  }
  return runs;
}

const heading = (experiment: Experiment, arm: Arm): string =>
  `${experiment.title}, ${arm.name} (${describe(arm.settings)})`;

/** Writes the figures of these experiments. */
async function draw(folder: string, chosen: readonly Experiment[], runs: readonly Run[]): Promise<void> {
  for (const experiment of chosen) {
    for (const [name, svg] of await drawFigures(experiment, runs)) {
      writeFileSync(join(folder, `self-normalizing-${name}.svg`), svg);
    }
  }
}

function writable(folder: boolean): (text: string) => string {
  return (text) => {
    const path = resolve(text);
    const parent = folder && existsSync(path) ? path : dirname(path);
    try {
      if (existsSync(path) && statSync(path).isDirectory() !== folder) throw new Error();
      accessSync(parent, constants.W_OK);
    } catch {
      throw new InvalidArgumentError(`${path} cannot be written: is there such a folder?`);
    }
    return path;
  };
}

function chosenOf(text: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  const unknown = words.find((word) => !experiments.some(({ id }) => id.startsWith(word)));
  if (unknown === undefined && !words.includes("")) return words;
  throw new InvalidArgumentError(`there are ${experiments.map(({ id }) => id).join(", ")}.`);
}

const out = fileURLToPath(new URL("../../../out/", import.meta.url));
const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));

async function main(): Promise<void> {
  const command = new Command("self-normalizing")
    .description("Trains the nets of the articles on self-normalizing networks, and prints the results.")
    .option("--quick", "fewer images, one seed, two epochs: under 3 minutes")
    .addOption(
      new Option("--json <file>", "where finished runs are kept; those found there are not run again")
        .argParser(writable(false))
        .default("", "out/self-normalizing.json"),
    )
    .option("--threads <n>", "number of threads", wholeNumber(1), availableParallelism())
    .option("--fresh", "delete the runs of these experiments and run them again")
    .option(
      "--only <list>",
      "only experiments whose names begin with these words, such as fifty,keras",
      chosenOf,
    )
    .option("--figures <folder>", "also draw the figures, as SVG files", writable(true))
    .option("--docs", "write the results, figures and tables of docs/self-normalizing.md")
    .addHelpText(
      "after",
      `\nExperiments:\n${experiments.map(({ id, title }) => `  ${id.padEnd(20)} ${title}`).join("\n")}`,
    )
    .parse();
  const options = command.opts<Options>();
  if (options.docs && (options.quick || options.json || options.figures)) {
    command.error(
      "error: --docs runs at full length and knows its files: neither --quick nor --json nor --figures goes with it",
    );
  }
  const path = options.docs
    ? join(docs, "results/self-normalizing.json")
    : options.json || join(out, `self-normalizing${options.quick ? "-quick" : ""}.json`);
  mkdirSync(dirname(path), { recursive: true });
  const all = options.quick ? experiments.map(quick) : experiments;
  const chosen = all.filter(({ id }) => options.only?.some((word) => id.startsWith(word)) ?? true);

  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort(new Error("interrupted")));
  await threads(options.threads);
  const store = new RunStore(path);
  if (options.fresh) store.keep(store.runs.filter((run) => !chosen.some(({ id }) => id === run.experiment)));
  const runs = await runAll(chosen, store, interrupt.signal);
  if (options.only === undefined) store.keep(runs);
  for (const experiment of chosen) {
    const compared = experiment.compare === "test" ? "test images" : "images held out";
    console.log(`\n${experiment.title}: accuracy on ${compared} by epoch, %\n`);
    console.log(asText(resultTable(experiment, runs)));
  }
  if (options.quick) console.log(tooShortToJudge("docs/self-normalizing.md"));
  const figures = options.docs ? join(docs, "figures") : options.figures;
  if (figures !== undefined) await draw(figures, chosen, runs);
  if (options.docs) {
    const page = join(docs, "self-normalizing.md");
    writeFileSync(page, fillIn(readFileSync(page, "utf8"), experiments, store.runs));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    const interrupted = (error as Error).message === "interrupted";
    const sentence = interrupted
      ? "Stopped. Finished runs are kept: the same command goes on."
      : sentenceFor(error);
    if (sentence === undefined) throw error;
    console.error(`\n${sentence}`);
    process.exitCode = interrupted ? 130 : 1;
  }
}
