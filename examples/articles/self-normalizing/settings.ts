/**
 * Settings of a training as plain data: what a run is made of, what it is filed under, and what is printed about it.
 */
import { type NamedParameter, type Rng, zeros } from "@gradus/core";
import { type Dataset, scale, standardize } from "@gradus/data";
import {
  AlphaDropout,
  BatchNorm1d,
  Dense,
  Dropout,
  glorotUniform,
  heNormal,
  type Initializer,
  type Layer,
  lecunNormal,
  normal,
  ReLU,
  SELU,
  Sequential,
  uniform,
} from "@gradus/nn";
import { Adam, linearDecay, RMSprop, type Schedule, SGD } from "@gradus/optim";

/** All that decides how a run goes, besides its seed. */
export interface Settings {
  /** How the net sees the pixels. */
  readonly input: keyof typeof inputs;
  /** The sizes of the hidden layers, between 784 pixels and 10 logits. */
  readonly hidden: readonly number[];
  readonly activation: "SELU" | "ReLU";
  readonly init: keyof typeof initializers;
  readonly biasInit?: keyof typeof biasInitializers;
  /** Behind every activation. `AlphaDropout` or `Dropout`, and the share it drops. */
  readonly dropout?: readonly ["AlphaDropout" | "Dropout", number];
  /** Batch normalisation between a hidden layer and its activation. */
  readonly batchNorm?: boolean;
  readonly optimizer: keyof typeof optimizers;
  readonly learningRate: number;
  /** How the learning rate goes on from there. Default: it stays. */
  readonly schedule?: "linear to 0";
  readonly batchSize: number;
  readonly epochs: number;
  /** How many of the last training images are kept apart for validation. Default 0. */
  readonly heldOut?: number;
  /** Train on the first so many images only. Default: all. */
  readonly limit?: number;
  /** Test on the first so many images only. Default: all. */
  readonly testLimit?: number;
}

/** Pixels come as 0 to 255. */
const BYTE = 1 / 255;

const inputs = {
  /** [0, 1], as scripts that say nothing about it. */
  "[0, 1]": () => scale(BYTE),
  /** (x − 0.1307)/0.3081 for x in [0, 1]: one mean and one deviation for all pixels. */
  standardised: (training: Dataset) => standardize(training, { per: "all" }),
  /**
   * Each pixel by itself, as scikit-learn's StandardScaler, but for pixels that hardly vary: their deviation counts as 10
   * grey levels, since a pixel that is dark in all images but a few would come out in the hundreds where it is not.
   */
  "standardised per pixel": (training: Dataset) => standardize(training, { per: "feature", epsilon: 100 }),
} satisfies Record<string, (training: Dataset) => Dataset["transform"]>;

const initializers = {
  "LeCun normal": lecunNormal,
  "Glorot uniform": glorotUniform,
  "He normal": heNormal,
  "U(−0.05, 0.05)": uniform({ low: -0.05, high: 0.05 }),
  /** PyTorch's default for linear layers: U(±1/√fan_in), variance 1/(3 fan_in). */
  "U(±1/√fan_in)": ([fanIn, fanOut], rng) => boundedBy(fanIn)([fanIn, fanOut], rng),
} satisfies Record<string, Initializer>;

const biasInitializers = {
  zeros: () => zeros,
  "N(0, 1)": () => normal({ mean: 0, std: 1 }),
  "U(±1/√fan_in)": boundedBy,
} satisfies Record<string, (fanIn: number) => Initializer>;

function boundedBy(fanIn: number): Initializer {
  const high = 1 / Math.sqrt(fanIn);
  return uniform({ low: -high, high });
}

const optimizers = {
  SGD: (parameters, learningRate) => new SGD(parameters, { learningRate }),
  /** PyTorch's Adam. */
  Adam: (parameters, learningRate) => new Adam(parameters, { learningRate }),
  /** TensorFlow 1's: Keras' form ("epsilon hat") with epsilon 1e-8. */
  "Adam of TensorFlow 1": (parameters, learningRate) =>
    new Adam(parameters, { preset: "keras", epsilon: 1e-8, learningRate }),
  /** Keras 2.0's: rho 0.9, epsilon 1e-8 outside the root. */
  "RMSprop of Keras 2.0": (parameters, learningRate) =>
    new RMSprop(parameters, { preset: "keras", epsilon: 1e-8, epsilonInside: false, learningRate }),
} satisfies Record<
  string,
  (parameters: readonly NamedParameter[], learningRate: number | Schedule) => SGD | Adam | RMSprop
>;

/** The images as the net sees them. */
export function prepare({ input }: Settings, data: Dataset, training: Dataset): Dataset {
  return data.with({ transform: inputs[input](training) });
}

/** The net; each layer has a stream of its own. */
export function netOf(settings: Settings, rng: Rng): Sequential {
  const { hidden, activation, init, biasInit = "zeros", dropout, batchNorm = false } = settings;
  const sizes = [784, ...hidden, 10];
  const dense = (i: number, bias: boolean): Dense =>
    new Dense(sizes[i], sizes[i + 1], {
      rng: rng.split(`dense ${i}`),
      init: initializers[init],
      bias,
      biasInit: biasInitializers[biasInit](sizes[i]),
    });
  const block = (size: number, i: number): Layer[] => [
    dense(i, !batchNorm),
    ...(batchNorm ? [new BatchNorm1d(size)] : []),
    activation === "SELU" ? new SELU() : new ReLU(),
    ...(dropout
      ? [dropout[0] === "AlphaDropout" ? new AlphaDropout(dropout[1]) : new Dropout(dropout[1])]
      : []),
  ];
  return new Sequential(...hidden.flatMap(block), dense(hidden.length, true));
}

/** What changes the weights. @param steps how many there will be, for a learning rate that falls until the end. */
export function optimizerOf(settings: Settings, parameters: readonly NamedParameter[], steps: number) {
  const { optimizer, learningRate, schedule } = settings;
  return optimizers[optimizer](
    parameters,
    schedule ? linearDecay(learningRate, { steps, to: 0 }) : learningRate,
  );
}

/** The settings in one line. */
export function describe(settings: Settings): string {
  const {
    input,
    hidden,
    activation,
    init,
    dropout,
    batchNorm,
    optimizer,
    learningRate,
    schedule,
    batchSize,
  } = settings;
  const [first] = hidden;
  const layers =
    hidden.every((size) => size === first) && hidden.length > 3
      ? `${hidden.length} × ${first}`
      : hidden.join("-");
  return [
    `784-${layers}-10`,
    activation,
    init,
    ...(dropout ? [`${dropout[0]} ${dropout[1]}`] : []),
    ...(batchNorm ? ["batch norm"] : []),
    `pixels ${input}`,
    `${optimizer} ${learningRate}${schedule ? ` ${schedule}` : ""}`,
    `batch ${batchSize}`,
  ].join(", ");
}
