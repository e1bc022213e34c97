/** One run: a net trained with one seed. */
import { createRng, crossEntropy } from "@gradus/core";
import type { Dataset } from "@gradus/data";
import { FunctionLayer, layerOutputs, namedParameters, type Sequential } from "@gradus/nn";
import { momentsOf } from "@gradus/snn";
import { type Callback, evaluate, fit } from "@gradus/train";
import { netOf, optimizerOf, prepare, type Settings } from "./settings.ts";

/** The result of a run. Accuracies are shares in [0, 1]; the training loss is the mean during the epoch. */
export interface Run {
  readonly experiment: string;
  readonly arm: string;
  readonly seed: number;
  readonly settings: Settings;
  readonly epochs: readonly {
    readonly testAccuracy: number;
    readonly testLoss: number;
    readonly trainLoss: number;
    readonly heldOutAccuracy?: number;
  }[];
  /** The variance of the activations after each hidden layer, over 1,000 test images, before and after training. */
  readonly variances: { readonly start: readonly number[]; readonly end: readonly number[] };
  /** The reason if it ended before its last epoch: a loss that is not finite. */
  readonly failed?: string;
}

/** The training and test sets of MNIST. */
export interface Mnist {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** Trains one net. */
export async function train(
  mnist: Mnist,
  { experiment, arm, seed, settings }: Pick<Run, "experiment" | "arm" | "seed" | "settings">,
  { callbacks = [], signal }: { callbacks?: readonly Callback[]; signal?: AbortSignal } = {},
): Promise<Run> {
  const { epochs, batchSize, heldOut = 0, limit = mnist.train.size, testLimit = mnist.test.size } = settings;
  const images = mnist.train.take(limit);
  const training = images.take(limit - heldOut);
  const test = prepare(settings, mnist.test.take(testLimit), training);
  const rng = createRng(`self-normalizing ${seed}`);
  const net = netOf(settings, rng.split("weights"));
  const start = variances(net, test);
  const tested: { testAccuracy: number; testLoss: number }[] = [];
  const history = await fit(net, prepare(settings, training, training), {
    optimizer: optimizerOf(settings, namedParameters(net), epochs * Math.ceil(training.size / batchSize)),
    loss: crossEntropy,
    epochs,
    batchSize,
    rng: rng.split("training"),
    ...(heldOut > 0 && { validation: prepare(settings, images.slice(limit - heldOut), training) }),
    onNaN: "stop",
    callbacks: [
      {
        onEpochEnd() {
          const { loss, accuracy = Number.NaN } = evaluate(net, test, { loss: crossEntropy });
          tested.push({ testAccuracy: accuracy, testLoss: loss });
        },
      },
      ...callbacks,
    ],
    ...(signal && { signal }),
  });
  return {
    experiment,
    arm,
    seed,
    settings,
    epochs: history.epochs.map(({ loss, valAccuracy }, i) => ({
      ...tested[i],
      trainLoss: loss,
      ...(valAccuracy !== undefined && { heldOutAccuracy: valAccuracy }),
    })),
    variances: { start, end: variances(net, test) },
    ...(history.stopped !== undefined && { failed: history.stopped }),
  };
}

const IMAGES = 1000;

/** The variance after each activation of the net, over units and images. */
function variances(net: Sequential, test: Dataset): number[] {
  const { inputs } = test.batch(Uint32Array.from({ length: IMAGES }, (_, i) => i));
  return layerOutputs(net, inputs)
    .filter(({ layer }) => layer instanceof FunctionLayer)
    .map(({ output }) => momentsOf(output).variance);
}
