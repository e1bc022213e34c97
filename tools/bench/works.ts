/** The timed works as plain data: every contestant, in any language, builds them from these. */
export interface Work {
  readonly id: string;
  readonly title: string;
  /** A training step, a forward pass, a whole epoch on MNIST, or a program from its start to its first step. */
  readonly kind: "step" | "inference" | "epoch" | "startup";
  readonly net: Net;
  readonly batch: number;
  readonly loss: "crossEntropy" | "mse";
  readonly optimizer: OptimizerSpec;
  /** The largest numbers of rounds and of steps in a round, for long steps. */
  readonly most?: { readonly rounds: number; readonly steps: number };
}

/** Dense layers of these sizes; activation, then alpha dropout, after all but the last. LeCun normal weights. */
export interface Net {
  readonly sizes: readonly number[];
  readonly activation: "selu" | "tanh" | "relu";
  /** The rate of alpha dropout. */
  readonly dropout: number;
  /** Before these layers, for images; what they give is flattened. */
  readonly convolutions?: Convolutions;
  /** Before these layers, for series; they get the last state. */
  readonly recurrent?: Recurrent;
  /** Before these layers, for characters; they get each position. */
  readonly transformer?: Transformer;
}

/** A GRU with one layer, whose reset gate is applied after the product. */
export interface Recurrent {
  /** The number of steps. */
  readonly time: number;
  readonly features: number;
  readonly size: number;
}

/**
 * Embedding and learned positions, blocks that normalize first, with ReLU and 4·size hidden units, and a last LayerNorm. The
 * number of characters is that of the classes.
 */
export interface Transformer {
  /** The number of positions. */
  readonly time: number;
  readonly size: number;
  readonly heads: number;
  readonly blocks: number;
}

/** For each number of outputs a convolution without padding, the activation, and a max pool. */
export interface Convolutions {
  /** Height, width and channels. */
  readonly image: readonly [number, number, number];
  readonly outputs: readonly number[];
  /** The side of a kernel, and of a pool. */
  readonly kernel: number;
  readonly pool: number;
}

export type OptimizerSpec =
  | { readonly name: "sgd"; readonly learningRate: number }
  /** v ← rho·v + (1 − rho)·g²; x ← x − lr·g / (√v + epsilon) */
  | {
      readonly name: "rmsprop";
      readonly learningRate: number;
      readonly rho: number;
      readonly epsilon: number;
    }
  | {
      readonly name: "adam";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

const selu = { activation: "selu" } as const;
const seed = { ...selu, sizes: [784, 512, 512, 10], dropout: 0.1 };
const rmsprop = { name: "rmsprop", learningRate: 0.001, rho: 0.9, epsilon: 1e-8 } as const;
const step = { kind: "step", loss: "crossEntropy" } as const;

export const xor: Work = {
  ...step,
  id: "3",
  title: "XOR: one pass over its four rows by 2-8-1, tanh, SGD",
  net: { sizes: [2, 8, 1], activation: "tanh", dropout: 0 },
  batch: 4,
  loss: "mse",
  optimizer: { name: "sgd", learningRate: 0.1 },
};

const adam = { name: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const inference = { ...step, kind: "inference", net: seed, optimizer: rmsprop } as const;

export const works: readonly Work[] = [
  {
    ...step,
    id: "1",
    title: "a step of 784-512-512-10, SELU, AlphaDropout 0.1, RMSprop, batch 128",
    net: seed,
    batch: 128,
    optimizer: rmsprop,
  },
  {
    ...step,
    id: "2",
    title: "a step of the quick preset: 784-120-60-10, SELU, Adam, batch 64",
    net: { ...selu, sizes: [784, 120, 60, 10], dropout: 0 },
    batch: 64,
    optimizer: adam,
  },
  xor,
  {
    ...step,
    id: "4",
    title: "a step of 50 layers of 100 SELU units, SGD, batch 100",
    net: { ...selu, sizes: [...new Array<number>(51).fill(100), 10], dropout: 0 },
    batch: 100,
    optimizer: { name: "sgd", learningRate: 0.01 },
  },
  {
    ...step,
    id: "5",
    title: "an epoch of `mnist --preset keras`, data pipeline and validation included",
    kind: "epoch",
    net: seed,
    batch: 128,
    optimizer: rmsprop,
    most: { rounds: 3, steps: 1 },
  },
  { ...inference, id: "6a", title: "inference of 784-512-512-10, batch 1", batch: 1 },
  {
    ...inference,
    id: "6b",
    title: "inference of 784-512-512-10, batch 1,000",
    batch: 1000,
    most: { rounds: 10, steps: 1 },
  },
  { ...xor, id: "7", title: "from the start of the program to its first XOR step", kind: "startup" },
  {
    ...step,
    id: "8",
    title: "a step of LeNet: 5×5×8, pool, 5×5×16, pool, 120, 10, ReLU, Adam, batch 64",
    net: {
      convolutions: { image: [28, 28, 1], outputs: [8, 16], kernel: 5, pool: 2 },
      sizes: [256, 120, 10],
      activation: "relu",
      dropout: 0,
    },
    batch: 64,
    optimizer: { ...adam, learningRate: 0.001 },
    most: { rounds: 10, steps: 3 },
  },
  {
    ...step,
    id: "9",
    title: "a step of a GRU of 64 units over 50 steps of 8 features, 10, Adam, batch 32",
    net: {
      recurrent: { time: 50, features: 8, size: 64 },
      sizes: [64, 10],
      activation: "tanh",
      dropout: 0,
    },
    batch: 32,
    optimizer: { ...adam, learningRate: 0.001 },
    most: { rounds: 10, steps: 3 },
  },
  {
    ...step,
    id: "10",
    title: "a step of a causal transformer: 2 blocks, 64 wide, 4 heads, 32 of 65 characters, Adam, batch 16",
    net: {
      transformer: { time: 32, size: 64, heads: 4, blocks: 2 },
      sizes: [64, 65],
      activation: "relu",
      dropout: 0,
    },
    batch: 16,
    optimizer: { ...adam, learningRate: 0.001 },
    most: { rounds: 10, steps: 3 },
  },
];
