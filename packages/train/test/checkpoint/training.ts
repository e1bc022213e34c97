/**
 * A training that may be interrupted and resumed, in this process or (run as a program) in another:
 * `training.ts '[{"optimizer":"Adam torch","dir":…}]'` prints the digests of the nets.
 */
import { createRng, crossEntropy, hashTensors, plainProduct, useProduct } from "@gradus/core";
import { threads, useSimd } from "@gradus/engine";
import {
  AlphaDropout,
  BatchNorm,
  Dense,
  type Layer,
  namedParameters,
  namedTensors,
  SELU,
  Sequential,
} from "@gradus/nn";
import { Adam, AdamW, cosineDecay, Plateau, RMSprop, SGD } from "@gradus/optim";
import { earlyStopping, type FitOptions, fit, type History, learningRateLog } from "../../src/index.ts";
import { points } from "../support.ts";

/** Every optimizer with every preset, and every option that adds state. */
export const optimizers = {
  "SGD torch": (p) => new SGD(p, { learningRate: 0.1 }),
  "SGD torch, momentum": (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 }),
  "SGD keras, nesterov": (p) =>
    new SGD(p, { preset: "keras", learningRate: 0.1, momentum: 0.9, nesterov: true }),
  "RMSprop torch": (p) => new RMSprop(p, { learningRate: 0.01, momentum: 0.5, centered: true }),
  "RMSprop keras": (p) => new RMSprop(p, { preset: "keras", learningRate: 0.01 }),
  "Adam torch": (p) => new Adam(p, { learningRate: 0.01 }),
  "Adam torch, amsgrad": (p) => new Adam(p, { learningRate: 0.01, amsgrad: true, clip: { globalNorm: 0.5 } }),
  "Adam keras": (p) => new Adam(p, { preset: "keras", learningRate: cosineDecay(0.05, { steps: 60 }) }),
  "AdamW torch": (p) => new AdamW(p, { learningRate: 0.01, weightDecay: 0.1 }),
  "AdamW keras": (p) => new AdamW(p, { preset: "keras", learningRate: 0.01, weightDecay: 0.1 }),
} satisfies Record<string, (parameters: ReturnType<typeof namedParameters>) => FitOptions["optimizer"]>;

export type OptimizerName = keyof typeof optimizers | "Plateau";

export const optimizerNames: readonly OptimizerName[] = [
  ...(Object.keys(optimizers) as OptimizerName[]),
  "Plateau",
];

export interface TrainingOptions {
  readonly optimizer: OptimizerName;
  readonly dir?: string;
  readonly every?: { readonly steps?: number; readonly epochs?: number };
  readonly resume?: boolean | "whole";
  /** The step after which it is interrupted. */
  readonly until?: number;
  readonly compile?: boolean;
  readonly seed?: string;
  /** The step after which it waits for ever, to be killed. */
  readonly waitAt?: number;
}

const EPOCHS = 4;
/** The last batch is smaller. */
const SAMPLES = 58;
export const STEPS = EPOCHS * Math.ceil(SAMPLES / 8);

/** @returns the digest of the net after all epochs; null if it was interrupted. */
export async function train(
  options: TrainingOptions,
): Promise<{ digest: string | null; net: Layer; history?: History; rates: readonly number[] }> {
  const {
    optimizer: name,
    dir,
    every,
    until,
    resume = false,
    compile = true,
    seed = "seed",
    waitAt,
  } = options;
  const rng = createRng(seed);
  const net = new Sequential(
    new Dense(2, 9, { rng: rng.split("hidden") }),
    new BatchNorm(9),
    new SELU(),
    new AlphaDropout(0.2),
    new Dense(9, 2, { rng: rng.split("output") }),
  );
  const plateau = new Plateau(0.2, { patience: 0, factor: 0.5 });
  const parameters = namedParameters(net);
  const optimizer =
    name === "Plateau"
      ? new SGD(parameters, { learningRate: plateau.schedule })
      : optimizers[name](parameters);
  const broken = new AbortController();
  const rates = learningRateLog();
  try {
    const history = await fit(net, points(SAMPLES), {
      optimizer,
      loss: crossEntropy,
      epochs: EPOCHS,
      batchSize: 8,
      rng: rng.split("training"),
      validation: points(20, "validation"),
      hash: true,
      compile,
      signal: broken.signal,
      callbacks: [
        rates,
        earlyStopping({ patience: 3 }),
        {
          onBatchEnd({ step }) {
            if (step === until) broken.abort(new Error("broken off"));
            return step === waitAt ? new Promise((resolve) => setTimeout(resolve, 1e9)) : undefined;
          },
          onEpochEnd: ({ loss }) => plateau.observe(loss),
        },
      ],
      ...(dir !== undefined && { checkpoint: { dir, also: { plateau }, ...(every && { every }) }, resume }),
    });
    return { digest: hashTensors(namedTensors(net)), net, history, rates: rates.rates };
  } catch (error) {
    if (!broken.signal.aborted || error !== broken.signal.reason) throw error;
    return { digest: null, net, rates: rates.rates };
  }
}

if (/training\.(ts|mjs)$/.test(process.argv[1] ?? "")) {
  const digests: (string | null)[] = [];
  for (const { reference, workers = 1, ...options } of JSON.parse(process.argv[2])) {
    useSimd(!reference);
    if (reference) useProduct(plainProduct);
    await threads(workers);
    digests.push((await train(options)).digest);
  }
  await threads(1);
  console.log(JSON.stringify(digests));
}
