import type { Experiment } from "../../../../examples/articles/self-normalizing/experiments.ts";
import type { Run } from "../../../../examples/articles/self-normalizing/run.ts";
import type { Settings } from "../../../../examples/articles/self-normalizing/settings.ts";

export const small: Settings = {
  input: "standardised",
  hidden: [16, 8],
  activation: "SELU",
  init: "LeCun normal",
  dropout: ["AlphaDropout", 0.1],
  optimizer: "SGD",
  learningRate: 0.05,
  batchSize: 50,
  epochs: 2,
  heldOut: 100,
  limit: 400,
};

export const tiny: Experiment = {
  id: "tiny",
  title: "Tiny",
  seeds: 2,
  compare: "held out",
  arms: [
    { name: "SELU", settings: small, published: { 1: 12.5 } },
    {
      name: "ReLU",
      settings: { ...small, activation: "ReLU", dropout: ["Dropout", 0.1], init: "He normal" },
    },
  ],
};

export const done = (arm: string, seed: number, accuracies: readonly number[]): Run => ({
  experiment: "tiny",
  arm,
  seed,
  settings: tiny.arms.find(({ name }) => name === arm)?.settings ?? small,
  epochs: accuracies.map((accuracy) => ({
    testAccuracy: accuracy / 100,
    testLoss: 0.5,
    trainLoss: 0.6,
    heldOutAccuracy: accuracy / 50,
  })),
  variances: { start: [1, 0], end: [1.1, 0.9] },
});
