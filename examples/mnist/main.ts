/**
 * Trains a net on MNIST and prints its test accuracy: `pnpm mnist [options]`, `pnpm mnist --help`.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRng, crossEntropy, FormatError, hashTensors, type Tensor } from "@gradus/core";
import type { Dataset } from "@gradus/data";
import { loadMnist } from "@gradus/data/node";
import { threads } from "@gradus/engine";
import { namedParameters } from "@gradus/nn";
import { type EpochLog, evaluate, fit, predict, type Stateful, summary } from "@gradus/train";
import { progressBar } from "@gradus/train/node";
import { Command, Option } from "commander";
import { sentenceFor } from "../shared/failure.ts";
import { wholeNumber, writableFile } from "../shared/options.ts";
import { drawDigit, sideBySide } from "./digits.ts";
import { presets } from "./presets.ts";

interface Options {
  readonly preset: string;
  readonly epochs?: number;
  readonly seed: string;
  readonly limit?: number;
  readonly threads?: number;
  readonly json?: string;
  readonly checkpoint?: string;
  readonly resume?: boolean;
}

/** The results that `--json` writes. */
export interface Result {
  readonly preset: string;
  readonly seed: string;
  readonly parameters: number;
  readonly epochs: readonly Pick<
    EpochLog,
    "epoch" | "loss" | "accuracy" | "valLoss" | "valAccuracy" | "seconds"
  >[];
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** A digest of all weights: the same in every JavaScript engine. */
  readonly hash: string;
}

/** Trains with the given options and prints the progress. */
export async function run(options: Options, signal?: AbortSignal): Promise<Result> {
  await threads(options.threads ?? 1);
  const preset = presets[options.preset];
  const epochs = options.epochs ?? preset.epochs;
  const mnist = await loadMnist();
  const limited = options.limit === undefined ? mnist.train : mnist.train.take(options.limit);
  // A run on fewer images uses the same share for validation.
  const heldOut = Math.floor((preset.heldOut * limited.size) / mnist.train.size);
  const training = limited.slice(heldOut, limited.size);
  const validation = heldOut > 0 ? limited.slice(0, heldOut) : mnist.test;
  const prepare = (data: Dataset): Dataset => preset.prepare(data, training);

  const rng = createRng(options.seed);
  const net = preset.net(rng.split("weights"));
  const parameters = namedParameters(net);
  const count = parameters.reduce((total, [, parameter]) => total + parameter.size, 0);
  console.log(`${options.preset}: ${preset.about}`);
  console.log(
    `${training.size} images to train on, ${validation.size} to validate, seed ${JSON.stringify(options.seed)}\n`,
  );
  console.log(summary(net, training.inputShape));

  const history = await fit(net, prepare(training), {
    optimizer: preset.optimizer(parameters, epochs * Math.ceil(training.size / preset.batchSize)),
    loss: crossEntropy,
    epochs,
    batchSize: preset.batchSize,
    rng: rng.split("training"),
    validation: prepare(validation),
    callbacks: [progressBar()],
    ...(signal && { signal }),
    ...(options.checkpoint && {
      checkpoint: {
        dir: options.checkpoint,
        every: { epochs: 1, seconds: 30 },
        also: { options: same({ preset: options.preset, epochs }) },
      },
      resume: options.resume ?? false,
    }),
  });

  const test = prepare(mnist.test);
  const { loss: testLoss, accuracy: testAccuracy = Number.NaN } = evaluate(net, test, { loss: crossEntropy });
  console.log(`\nTest accuracy ${(100 * testAccuracy).toFixed(2)} %, loss ${testLoss.toFixed(4)}`);
  const hash = hashTensors(parameters);
  console.log(`Hash of all weights ${hash}`);
  showMistakes(mnist.test, predict(net, test.take(1000)).argmax({ axis: 1 }));
  return {
    preset: options.preset,
    seed: options.seed,
    parameters: count,
    epochs: history.epochs.map(({ epoch, loss, accuracy, valLoss, valAccuracy, seconds }) => ({
      epoch,
      loss,
      accuracy,
      valLoss,
      valAccuracy,
      seconds,
    })) as Result["epochs"],
    testLoss,
    testAccuracy,
    hash,
  };
}

/** Part of a checkpoint, so that no training resumes with other options: the learning rate falls until the last epoch. */
function same(options: Readonly<Record<string, unknown>>): Stateful {
  return {
    state: () => options,
    restore(saved) {
      for (const [name, value] of Object.entries(options)) {
        const before = (saved as Record<string, unknown>)[name];
        if (before !== value)
          throw new FormatError(`it was saved with --${name} ${before}, and this is ${value}`);
      }
    },
  };
}

/** Draws the first digits that were classified wrongly. */
function showMistakes({ inputs, inputSize, targets }: Dataset, predicted: Tensor): void {
  const wrong = [...predicted.data.keys()].filter((i) => predicted.data[i] !== targets[i]);
  if (wrong.length === 0) return;
  console.log(
    `\nOf the first ${predicted.size} test images ${wrong.length} are taken for another digit, among them:\n`,
  );
  const blocks = wrong.slice(0, 3).map((i) => ({
    caption: `a ${targets[i]} taken for a ${predicted.data[i]}`,
    lines: drawDigit(inputs.subarray(i * inputSize, (i + 1) * inputSize)),
  }));
  console.log(sideBySide(blocks, process.stdout.columns ?? 100));
}

const LEAST_IMAGES = 100;

async function main(): Promise<void> {
  const command = new Command("mnist")
    .description("Trains a net on the MNIST digits.")
    .addOption(new Option("--preset <name>", "what to train").choices(Object.keys(presets)).default("quick"))
    .option("--epochs <n>", "number of passes over the images (default: the preset's)", wholeNumber(1))
    .option("--seed <text>", "seed of all random numbers", "1")
    .option("--limit <n>", "use the first n training images only", wholeNumber(LEAST_IMAGES))
    .option("--threads <n>", "number of threads; the result is the same", wholeNumber(1), 1)
    .option("--json <file>", "write the result to a file", writableFile)
    .option("--checkpoint <folder>", "save there after each epoch, every 30 seconds, and on Ctrl-C")
    .option("--resume", "resume from the newest checkpoint, if there is one")
    .addHelpText(
      "after",
      `\nPresets:\n${Object.entries(presets)
        .map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
        .join("\n")}`,
    )
    .parse();
  const options = command.opts<Options>();
  if (options.resume && options.checkpoint === undefined) {
    command.error("error: --resume needs --checkpoint <folder>, where the checkpoints are");
  }
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort(new Error("interrupted")));
  try {
    const result = await run(options, interrupt.signal);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  } catch (error) {
    if (error === interrupt.signal.reason) {
      const saved = `what was done is saved in ${options.checkpoint}; the same command with --resume goes on`;
      console.error(`\nInterrupted: ${options.checkpoint ? saved : "nothing was saved"}.`);
      process.exitCode = 130;
    } else {
      const sentence = sentenceFor(error);
      if (sentence === undefined) throw error;
      console.error(`\n${sentence}`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
