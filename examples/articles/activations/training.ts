/** The small nets of this example, and their training on MNIST. */
import { createRng, crossEntropy } from "@gradus/core";
import { type Dataset, standardize } from "@gradus/data";
import { Dense, type Layer, lecunNormal, namedParameters, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { type Callback, evaluate, fit } from "@gradus/train";

export const HIDDEN = [100, 100, 100, 100] as const;
const BATCH = 64;

/** Training and test images, pixels standardized to mean 0 and variance 1. */
export interface Images {
  readonly train: Dataset;
  readonly test: Dataset;
}

export function standardized({ train, test }: Images): Images {
  const transform = standardize(train, { per: "all" });
  return { train: train.with({ transform }), test: test.with({ transform }) };
}

/** Four hidden layers, each followed by a layer that `activation` makes. All nets have the same initial LeCun normal weights. */
export function netOf(activation: () => Layer): Sequential {
  const rng = createRng("activations").split("weights");
  const hidden = HIDDEN.flatMap((size, i) => [
    new Dense(HIDDEN[i - 1] ?? 784, size, { rng: rng.split(i), init: lecunNormal }),
    activation(),
  ]);
  return new Sequential(...hidden, new Dense(HIDDEN[HIDDEN.length - 1], 10, { rng: rng.split("output") }));
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal | undefined;
}

/** Trains with Adam, learning rate 0.001, batches of 64. @returns the test accuracy. */
export async function train(
  net: Sequential,
  images: Images,
  { epochs, callbacks = [], signal }: TrainingOptions,
): Promise<number> {
  await fit(net, images.train, {
    optimizer: new Adam(namedParameters(net), { learningRate: 0.001 }),
    loss: crossEntropy,
    epochs,
    batchSize: BATCH,
    rng: createRng("activations").split("training"),
    callbacks,
    ...(signal && { signal }),
  });
  return evaluate(net, images.test, { loss: crossEntropy }).accuracy ?? Number.NaN;
}
