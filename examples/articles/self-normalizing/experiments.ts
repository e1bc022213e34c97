/** The experiments of the articles on SELU: nets, trainings, and published results. */
import type { Settings } from "./settings.ts";

/** An arm of an experiment: one net, trained in one way. */
export interface Arm {
  readonly name: string;
  readonly settings: Settings;
  /** Test or validation accuracies that were published, by epoch, in per cent. */
  readonly published?: Readonly<Record<number, number>>;
}

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** The number of seeds for each arm; 1 if a run takes more than 5 minutes. */
  readonly seeds: number;
  /** The images on which accuracies are compared: validation images, as published, or test images. */
  readonly compare: "test" | "held out";
  readonly arms: readonly Arm[];
}

const layers = (count: number, size: number): readonly number[] => new Array<number>(count).fill(size);

// Lee's lecture shows five arms. It does not give all settings; chosen here are 100 units per layer, batches of 100, and an
// initializer for each arm, two where the notes say "no LeCun normal".
const fifty = { hidden: layers(50, 100), batchSize: 100, epochs: 3 } as const;
const perPixel = { ...fifty, input: "standardised per pixel" } as const;
const lecture: readonly {
  readonly name: string;
  readonly settings: Omit<Settings, "optimizer" | "learningRate">;
}[] = [
  {
    name: "1 raw, ReLU, Glorot",
    settings: { ...fifty, input: "[0, 1]", activation: "ReLU", init: "Glorot uniform" },
  },
  {
    name: "2 raw, SELU, Glorot",
    settings: { ...fifty, input: "[0, 1]", activation: "SELU", init: "Glorot uniform" },
  },
  {
    name: "3a normalised, SELU, U(±0.05)",
    settings: { ...perPixel, activation: "SELU", init: "U(−0.05, 0.05)" },
  },
  {
    name: "3b normalised, SELU, Glorot",
    settings: { ...perPixel, activation: "SELU", init: "Glorot uniform" },
  },
  { name: "4 normalised, SELU, LeCun", settings: { ...perPixel, activation: "SELU", init: "LeCun normal" } },
  { name: "5 normalised, ReLU, LeCun", settings: { ...perPixel, activation: "ReLU", init: "LeCun normal" } },
];

const fiftyLayers = (optimizer: Settings["optimizer"], learningRate: number): Experiment => ({
  id: `fifty-layers-${optimizer.toLowerCase()}`,
  title: `Fifty layers, ${optimizer}`,
  seeds: 3,
  compare: "test",
  arms: lecture.map(({ name, settings }) => ({ name, settings: { ...settings, optimizer, learningRate } })),
});

// What the lecture reports for its second arm depends on the initializer, which it does not name.
const fewer = { ...fifty, input: "[0, 1]", limit: 10_000 } as const;
const rawPixels = (optimizer: Settings["optimizer"], learningRate: number): Experiment => ({
  id: `raw-pixels-${optimizer.toLowerCase()}`,
  title: `Arms 1 and 2 with two initializers, ${optimizer}, 10,000 images`,
  seeds: 3,
  compare: "test",
  arms: (["ReLU", "SELU"] as const).flatMap((activation, i): Arm[] => {
    const name = `${i + 1} raw, ${activation}`;
    const common = { ...fewer, activation, optimizer, learningRate } as const;
    return [
      { name: `${name}, Glorot`, settings: { ...common, init: "Glorot uniform" } },
      { name: `${name}, U(±0.05)`, settings: { ...common, init: "U(−0.05, 0.05)" } },
    ];
  }),
});

// The script of bigsnarfdude/SELU_Keras_Tutorial as Keras 2.0.6 ran it; the published rows are of its stored output.
const keras = {
  input: "[0, 1]",
  hidden: [512, 512],
  init: "Glorot uniform",
  optimizer: "RMSprop of Keras 2.0",
  learningRate: 0.001,
  batchSize: 128,
  epochs: 20,
} as const;

const kerasScript: Experiment = {
  id: "keras",
  title: "The Keras script",
  seeds: 3,
  compare: "test",
  arms: [
    {
      name: "SELU, AlphaDropout 0.1",
      settings: { ...keras, activation: "SELU", dropout: ["AlphaDropout", 0.1] },
      published: { 1: 93.15, 2: 95.68, 3: 97.04, 5: 97.47, 10: 97.96, 15: 98.09, 20: 98.18 },
    },
    {
      name: "ReLU, Dropout 0.2",
      settings: { ...keras, activation: "ReLU", dropout: ["Dropout", 0.2] },
      published: { 1: 96.6, 2: 97.54, 3: 97.49, 5: 97.92, 10: 98.25, 15: 98.32, 20: 98.46 },
    },
  ],
};

// Its TensorFlow 1 script never switches dropout on, draws biases from N(0, 1), and feeds pixels in [0, 1]. The corrected
// arms are a self-normalizing net, with the script's constant learning rate and with one that falls to 0.
const tf1 = {
  hidden: layers(4, 512),
  activation: "SELU",
  batchSize: 100,
  epochs: 50,
  heldOut: 5000,
  learningRate: 0.001,
} as const;

const tf1Corrected = {
  ...tf1,
  input: "standardised",
  init: "LeCun normal",
  dropout: ["AlphaDropout", 0.05],
  optimizer: "Adam",
} as const;

const tf1Script: Experiment = {
  id: "tf1",
  title: "The TensorFlow 1 script",
  seeds: 1,
  compare: "test",
  arms: [
    {
      name: "as it behaves",
      settings: {
        ...tf1,
        input: "[0, 1]",
        init: "Glorot uniform",
        biasInit: "N(0, 1)",
        optimizer: "Adam of TensorFlow 1",
      },
      published: { 50: 97.64 },
    },
    { name: "corrected, constant rate", settings: tf1Corrected },
    { name: "corrected", settings: { ...tf1Corrected, schedule: "linear to 0" } },
  ],
};

// The PyTorch notebook of bioinf-jku/SNNs, by the authors of the paper.
const notebook = {
  input: "standardised",
  hidden: [512, 256],
  optimizer: "SGD",
  learningRate: 0.001,
  batchSize: 128,
  epochs: 20,
  heldOut: 10000,
} as const;

const paperNotebook: Experiment = {
  id: "notebook",
  title: "The paper's own notebook",
  seeds: 3,
  compare: "held out",
  arms: [
    {
      name: "SELU, LeCun",
      settings: { ...notebook, activation: "SELU", init: "LeCun normal", dropout: ["AlphaDropout", 0.05] },
      published: { 1: 80.9, 3: 86.72, 10: 89.89, 20: 91.24 },
    },
    {
      name: "ReLU, PyTorch's default",
      settings: {
        ...notebook,
        activation: "ReLU",
        init: "U(±1/√fan_in)",
        biasInit: "U(±1/√fan_in)",
        dropout: ["Dropout", 0.05],
      },
      published: { 1: 54.21, 3: 71.63, 10: 87, 20: 89.98 },
    },
    {
      name: "ReLU, He",
      settings: { ...notebook, activation: "ReLU", init: "He normal", dropout: ["Dropout", 0.05] },
    },
  ],
};

const DEPTHS = [2, 4, 8, 16, 32];
const depth = {
  input: "standardised",
  optimizer: "SGD",
  learningRate: 0.01,
  batchSize: 128,
  epochs: 5,
} as const;

const depths: Experiment = {
  id: "depth",
  title: "Depth",
  seeds: 3,
  compare: "test",
  arms: DEPTHS.flatMap((count): Arm[] => {
    const hidden = layers(count, 100);
    return [
      {
        name: `${count} layers, SELU`,
        settings: { ...depth, hidden, activation: "SELU", init: "LeCun normal" },
      },
      {
        name: `${count} layers, ReLU`,
        settings: { ...depth, hidden, activation: "ReLU", init: "He normal" },
      },
      {
        name: `${count} layers, ReLU + BatchNorm`,
        settings: { ...depth, hidden, activation: "ReLU", init: "He normal", batchNorm: true },
      },
    ];
  }),
};

/** All experiments, in the order of the text: lecture, its first two arms, two scripts, the paper's notebook, depth. */
export const experiments: readonly Experiment[] = [
  fiftyLayers("SGD", 0.01),
  fiftyLayers("Adam", 0.0003),
  rawPixels("SGD", 0.01),
  rawPixels("Adam", 0.0003),
  kerasScript,
  tf1Script,
  paperNotebook,
  depths,
];

/** A shorter experiment of the same arms: fewer images, one seed, few epochs. */
export function quick(experiment: Experiment): Experiment {
  return {
    ...experiment,
    seeds: 1,
    arms: experiment.arms
      .filter(({ name }) => !/^(4|16) layers/.test(name))
      .map(({ name, settings }) => {
        const { heldOut = 0 } = settings;
        const held = Math.min(heldOut, 1000);
        const shorter = { limit: 6000 + held, testLimit: 2000, ...(held > 0 && { heldOut: held }) };
        return { name, settings: { ...settings, ...shorter, epochs: Math.min(settings.epochs, 2) } };
      }),
  };
}
