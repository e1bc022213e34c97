export {
  constant,
  type Fans,
  fansOf,
  glorotNormal,
  glorotNormalTruncated,
  glorotUniform,
  heNormal,
  heNormalTruncated,
  heUniform,
  type Initializer,
  initialize,
  lecunNormal,
  lecunNormalTruncated,
  lecunUniform,
  normal,
  uniform,
  zeros,
} from "./initializers.ts";
export type { Layer } from "./layer.ts";
export {
  GELU,
  type GeluForm,
  Hardtanh,
  LogSigmoid,
  Mish,
  Sigmoid,
  SiLU,
  Softplus,
  Softsign,
  Tanh,
} from "./layers/activations.ts";
export { AlphaDropout, type AlphaDropoutOptions, FeatureAlphaDropout } from "./layers/alpha-dropout.ts";
export { BatchNorm1d, type BatchNormOptions } from "./layers/batch-norm.ts";
export { type Activation, Dense, type DenseOptions } from "./layers/dense.ts";
export { Dropout } from "./layers/dropout.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { Flatten } from "./layers/flatten.ts";
export { LayerNorm } from "./layers/layer-norm.ts";
export { PReLU } from "./layers/prelu.ts";
export { CELU, ELU, LeakyReLU, ReLU, ReLU6 } from "./layers/rectifiers.ts";
export { RReLU } from "./layers/rrelu.ts";
export { SELU } from "./layers/selu.ts";
export { Sequential } from "./layers/sequential.ts";
export { LogSoftmax, Softmax, type SoftmaxOptions } from "./layers/softmax.ts";
export { type Mode, trainingRng } from "./mode.ts";
export { type NamedTensor, namedLayers, namedParameters, namedTensors } from "./named-parameters.ts";
export {
  type AlphaDropoutCoefficients,
  type AlphaDropoutParams,
  alphaDropoutCoefficients,
  type FixedPoint,
} from "./ops/alpha-dropout.ts";
export type { DropoutParams } from "./ops/dropout.ts";
export * as ops from "./ops/index.ts";
export * from "./ops/index.ts";
export type { BernoulliParams, UniformNoiseParams } from "./ops/random.ts";
export type { RReluParams } from "./ops/rrelu.ts";
export { orthogonal } from "./orthogonal.ts";
export { type RunningAverageParams, runningAverage } from "./running-average.ts";
