/**
 * The settings of a training as plain data: they define a run, are its key in the store, and are printed.
 */
import { type NamedParameter, type Rng, zeros } from "@gradus/core";
import { type Dataset, scale, standardize } from "@gradus/data";
import {
  AlphaDropout,
  BatchNorm,
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

/** All settings of a run except its seed. */
export interface Settings {
  /** The scaling of the pixels. */
  readonly input: keyof typeof inputs;
  /** The sizes of the hidden layers, between 784 pixels and 10 logits. */
  readonly hidden: readonly number[];
  readonly activation: "SELU" | "ReLU";
  readonly init: keyof typeof initializers;
  readonly biasInit?: keyof typeof biasInitializers;
  /** The layer after every activation: `AlphaDropout` or `Dropout`, and its rate. */
  readonly dropout?: readonly ["AlphaDropout" | "Dropout", number];
  /** Batch normalisation between a hidden layer and its activation. */
  readonly batchNorm?: boolean;
  readonly optimizer: keyof typeof optimizers;
  readonly learningRate: number;
  /** The schedule of the learning rate. Default: constant. */
  readonly schedule?: "linear to 0";
  readonly batchSize: number;
  readonly epochs: number;
  /** The number of training images, from the end, that are used for validation. Default 0. */
  readonly heldOut?: number;
  /** Train on the first so many images only. Default: all. */
  readonly limit?: number;
  /** Test on the first so many images only. Default: all. */
  readonly testLimit?: number;
}

/** Pixels come as 0 to 255. */
const BYTE = 1 / 255;

const inputs = {
  /** [0, 1], for scripts that do not name a scaling. */
  "[0, 1]": () => scale(BYTE),
  /** (x − 0.1307)/0.3081 for x in [0, 1]: one mean and one deviation for all pixels. */
  standardised: (training: Dataset) => standardize(training, { per: "all" }),
  /**
   * Each pixel is standardized, as by scikit-learn's StandardScaler; but the deviation of pixels that hardly vary counts as
   * 10 grey levels, because the standardized value of a pixel that is dark in nearly all images could be in the hundreds.
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

/** The scaled images. */
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
    ...(batchNorm ? [new BatchNorm(size)] : []),
    activation === "SELU" ? new SELU() : new ReLU(),
    ...(dropout
      ? [dropout[0] === "AlphaDropout" ? new AlphaDropout(dropout[1]) : new Dropout(dropout[1])]
      : []),
  ];
  return new Sequential(...hidden.flatMap(block), dense(hidden.length, true));
}

/** The optimizer. @param steps the number of steps, for a learning rate that falls until the end. */
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
