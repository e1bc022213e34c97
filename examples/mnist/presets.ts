import { type NamedParameter, type Rng, type Tensor, zeros } from "@gradus/core";
import { type Dataset, scale, standardize } from "@gradus/data";
import {
  AlphaDropout,
  Conv2d,
  Dense,
  Flatten,
  glorotUniform,
  type Initializer,
  lecunNormal,
  MaxPool2d,
  normal,
  SELU,
  Sequential,
} from "@gradus/nn";
import { Adam, linearDecay, RMSprop } from "@gradus/optim";

/** One way to train on MNIST. */
export interface Preset {
  readonly about: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** The number of training images for validation; 0: the test images are used. */
  readonly heldOut: number;
  /** The scaling of the images. */
  prepare(data: Dataset, training: Dataset): Dataset;
  net(rng: Rng): Sequential;
  /** @param steps the number of steps, for a learning rate that falls until the end. */
  optimizer(parameters: readonly NamedParameter[], steps: number): Adam | RMSprop;
}

const BYTE = 1 / 255;

/** Pixels in [0, 1], as both scripts of 2017 feed them. */
const scaled: Preset["prepare"] = (data) => data.with({ transform: scale(BYTE) });

/** Pixels with mean 0 and variance 1 over the training images, as self-normalizing nets need them. */
const standardized: Preset["prepare"] = (data, training) =>
  data.with({ transform: standardize(training, { per: "all" }) });

/** Dense layers with SELU, and AlphaDropout where a rate is given, between the sizes; plain logits at the end. */
function seluNet(
  sizes: readonly number[],
  rng: Rng,
  { init, biasInit = zeros, dropout = 0 }: { init: Initializer; biasInit?: Initializer; dropout?: number },
): Sequential {
  const layers = sizes.slice(1).flatMap((size, i) => {
    const dense = new Dense(sizes[i], size, { rng: rng.split(`dense ${i}`), init, biasInit });
    if (i === sizes.length - 2) return [dense];
    return dropout > 0 ? [dense, new SELU(), new AlphaDropout(dropout)] : [dense, new SELU()];
  });
  return new Sequential(...layers);
}

/** Two convolutions of 5 × 5, each followed by a pool that halves the image, and two dense layers. */
function lenet(rng: Rng): Sequential {
  const options = (name: string) => ({ rng: rng.split(name), init: lecunNormal });
  return new Sequential(
    (x: Tensor) => x.reshape({ shape: [-1, 28, 28, 1] }),
    new Conv2d(1, 8, 5, options("conv 0")), // 24 × 24 × 8
    new SELU(),
    new MaxPool2d(2), // 12 × 12 × 8
    new Conv2d(8, 16, 5, options("conv 1")), // 8 × 8 × 16
    new SELU(),
    new MaxPool2d(2), // 4 × 4 × 16
    new Flatten(),
    new Dense(256, 120, options("dense 0")),
    new SELU(),
    new Dense(120, 10, options("dense 1")),
  );
}

export const presets: Readonly<Record<string, Preset>> = {
  quick: {
    about: "a self-normalizing net of 102,070 weights",
    epochs: 3,
    batchSize: 64,
    heldOut: 5000,
    prepare: standardized,
    net: (rng) => seluNet([784, 120, 60, 10], rng, { init: lecunNormal }),
    optimizer: (parameters, steps) =>
      new Adam(parameters, { learningRate: linearDecay(0.003, { steps, to: 0 }) }),
  },

  lenet: {
    about: "a convolutional net of 35,474 weights: 5×5×8, pool, 5×5×16, pool, 120, 10 with SELU",
    epochs: 5,
    batchSize: 64,
    heldOut: 5000,
    prepare: standardized,
    net: lenet,
    optimizer: (parameters, steps) =>
      new Adam(parameters, { learningRate: linearDecay(0.002, { steps, to: 0 }) }),
  },

  // The script of bigsnarfdude/SELU_Keras_Tutorial, as Keras 2.0.6 ran it: no initializer named, so Glorot uniform; pixels in [0, 1];
  // RMSprop with epsilon 1e-8 outside the root; the test images as validation.
  keras: {
    about: "the Keras script of SELU_Keras_Tutorial (2017): 784-512-512-10, SELU, AlphaDropout 0.1, RMSprop",
    epochs: 20,
    batchSize: 128,
    heldOut: 0,
    prepare: scaled,
    net: (rng) => seluNet([784, 512, 512, 10], rng, { init: glorotUniform, dropout: 0.1 }),
    optimizer: (parameters) =>
      new RMSprop(parameters, { preset: "keras", epsilon: 1e-8, epsilonInside: false }),
  },

  // The TensorFlow 1 script of the same tutorial as it is: `dropout_selu` is called with training=False by default, so there is
  // no dropout; biases start at N(0, 1), also in the output layer; weights are Glorot uniform; pixels are in [0, 1]; the
  // loader uses 5,000 images for validation.
  tf1: {
    about:
      "a TensorFlow 1 script of 2017 as it really behaves: 4 × 512, no dropout, biases from N(0, 1), Adam",
    epochs: 50,
    batchSize: 100,
    heldOut: 5000,
    prepare: scaled,
    net: (rng) =>
      seluNet([784, 512, 512, 512, 512, 10], rng, {
        init: glorotUniform,
        biasInit: normal({ mean: 0, std: 1 }),
      }),
    // TensorFlow 1 has Keras' form of Adam ("epsilon hat") with PyTorch's epsilon.
    optimizer: (parameters) => new Adam(parameters, { preset: "keras", epsilon: 1e-8 }),
  },

  // The same net as a self-normalizing one: standardized pixels, LeCun normal weights, zero biases, and AlphaDropout
  // that is on in training, at the rate the paper recommends (the script's 0.7 was meant as the share to keep). With the
  // script's constant learning rate it does not converge, so the rate falls to 0.
  "tf1-fixed": {
    about: "the same net done right: standardized pixels, LeCun normal, zero biases, AlphaDropout 0.05",
    epochs: 50,
    batchSize: 100,
    heldOut: 5000,
    prepare: standardized,
    net: (rng) => seluNet([784, 512, 512, 512, 512, 10], rng, { init: lecunNormal, dropout: 0.05 }),
    optimizer: (parameters, steps) =>
      new Adam(parameters, { learningRate: linearDecay(0.001, { steps, to: 0 }) }),
  },
};
