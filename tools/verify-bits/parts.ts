/** What the job tries: each optimizer, each layer, each initializer. */
import type { NamedParameter } from "@gradus/core";
import {
  AlphaDropout,
  BatchNorm,
  CELU,
  Dropout,
  ELU,
  FeatureAlphaDropout,
  Flatten,
  GELU,
  glorotNormal,
  glorotNormalTruncated,
  glorotUniform,
  Hardtanh,
  heNormal,
  heNormalTruncated,
  heUniform,
  type Initializer,
  type Layer,
  LayerNorm,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  lecunNormal,
  lecunNormalTruncated,
  lecunUniform,
  Mish,
  orthogonal,
  PReLU,
  ReLU,
  ReLU6,
  RReLU,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Softsign,
  Tanh,
} from "@gradus/nn";
import { Adam, AdamW, cosineDecay, exponentialDecay, RMSprop, SGD } from "@gradus/optim";

export type MakeOptimizer = (parameters: readonly NamedParameter[]) => Pick<Adam, "step" | "stepCount">;

export const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  "SGD with momentum": (p) => new SGD(p, { learningRate: 0.02, momentum: 0.9 }),
  "SGD with Nesterov momentum": (p) => new SGD(p, { learningRate: 0.02, momentum: 0.9, nesterov: true }),
  Adam: (p) => new Adam(p, { learningRate: cosineDecay(0.003, { steps: 60 }), clip: { globalNorm: 1 } }),
  AdamW: (p) => new AdamW(p, { learningRate: exponentialDecay(0.003, { factor: 0.97 }) }),
  "Adam, amsgrad": (p) => new Adam(p, { amsgrad: true }),
  "RMSprop (torch)": (p) => new RMSprop(p, { learningRate: 0.001 }),
  "RMSprop (keras)": (p) => new RMSprop(p, { preset: "keras" }),
  "RMSprop, centered": (p) => new RMSprop(p, { learningRate: 0.001, centered: true, momentum: 0.5 }),
};

/** The width of the nets that test layers; not a multiple of the kernels' block, so that edges are tested too. */
export const WIDTH = 22;

/** Each layer between two others. */
export const layers: readonly (() => Layer)[] = [
  () => new SELU(),
  () => new ELU(),
  () => new CELU({ alpha: 1.5 }),
  () => new ReLU(),
  () => new ReLU6(),
  () => new LeakyReLU(),
  () => new PReLU(WIDTH),
  () => new RReLU(),
  () => new GELU(),
  () => new GELU({ approximate: "tanh" }),
  () => new SiLU(),
  () => new Mish(),
  () => new Sigmoid(),
  () => new LogSigmoid(),
  () => new Tanh(),
  () => new Softplus(),
  () => new Softsign(),
  () => new Hardtanh(),
  () => new Softmax(),
  () => new LogSoftmax(),
  () => new LayerNorm(WIDTH),
  () => new BatchNorm(WIDTH),
  () => new Dropout(0.3),
  () => new AlphaDropout(0.1),
  () => new FeatureAlphaDropout(0.1),
  () => new Flatten(),
];

export const initializers: Readonly<Record<string, Initializer>> = {
  lecunNormal,
  lecunNormalTruncated,
  lecunUniform,
  glorotNormal,
  glorotNormalTruncated,
  glorotUniform,
  heNormal,
  heNormalTruncated,
  heUniform,
  orthogonal: orthogonal(),
};
