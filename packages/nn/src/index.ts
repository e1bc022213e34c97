import "./install.ts";

export { type Fans, fansOf, type Initializer, initialize, lecunNormal } from "./initialize.ts";
export {
  constantInit,
  glorotNormal,
  glorotNormalTruncated,
  glorotUniform,
  heNormal,
  heNormalTruncated,
  heUniform,
  lecunNormalTruncated,
  lecunUniform,
  normal,
  uniform,
} from "./initializers.ts";
export type { Layer } from "./layer.ts";
export { layerName } from "./layer-name.ts";
export { type LayerOutput, layerOutputs, layersInOrder, type PlacedLayer } from "./layer-outputs.ts";
export type { ActivationWith, PlainActivation } from "./layers/activation.ts";
export {
  CELU,
  ELU,
  GELU,
  type GeluForm,
  Hardtanh,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  Mish,
  ReLU,
  ReLU6,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  type SoftmaxOptions,
  Softplus,
  Softsign,
  Tanh,
} from "./layers/activations.ts";
export { AlphaDropout, type AlphaDropoutOptions, FeatureAlphaDropout } from "./layers/alpha-dropout.ts";
export { BatchNorm, type BatchNormOptions } from "./layers/batch-norm.ts";
export {
  Conv1d,
  type Conv1dOptions,
  Conv2d,
  type Conv2dOptions,
  ConvTranspose2d,
  type ConvTranspose2dOptions,
} from "./layers/conv.ts";
export { Dense, type DenseOptions } from "./layers/dense.ts";
export { Dropout } from "./layers/dropout.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { Flatten } from "./layers/flatten.ts";
export { type Activation, FunctionLayer } from "./layers/function-layer.ts";
export { GroupNorm } from "./layers/group-norm.ts";
export { LayerNorm } from "./layers/layer-norm.ts";
export {
  type AttentionInputs,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./layers/multi-head-attention.ts";
export {
  AvgPool1d,
  AvgPool2d,
  GlobalAveragePool,
  MaxPool1d,
  MaxPool2d,
  Upsample,
} from "./layers/pool.ts";
export { LearnedPositions, type LearnedPositionsOptions, SinusoidalPositions } from "./layers/positions.ts";
export { PReLU } from "./layers/prelu.ts";
export { Bidirectional } from "./layers/recurrent/bidirectional.ts";
export type { Cell, RecurrentOptions } from "./layers/recurrent/cell.ts";
export { GRU, type GRUOptions } from "./layers/recurrent/gru.ts";
export { LSTM, type LSTMOptions } from "./layers/recurrent/lstm.ts";
export type { Recurrent, SequenceResult } from "./layers/recurrent/recurrent.ts";
export type { SequenceOptions } from "./layers/recurrent/sequence-options.ts";
export { SimpleRNN, type SimpleRNNOptions } from "./layers/recurrent/simple-rnn.ts";
export { RReLU } from "./layers/rrelu.ts";
export { Sequential } from "./layers/sequential.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./layers/transformer-block.ts";
export { type Mode, trainingRng } from "./mode.ts";
export { namedLayers } from "./named-layers.ts";
export { type NamedTensor, namedParameters, namedTensors } from "./named-parameters.ts";
export {
  type AlphaDropoutCoefficients,
  type AlphaDropoutParams,
  alphaDropoutCoefficients,
  type FixedPoint,
} from "./ops/alpha-dropout.ts";
export type { AttentionParams } from "./ops/attention.ts";
export type { Conv2dParams, ConvTranspose2dParams } from "./ops/conv.ts";
export type { Conv1dParams, ConvTranspose1dParams } from "./ops/conv1d.ts";
export type { DropoutParams } from "./ops/dropout.ts";
export type { GroupNormParams } from "./ops/group-norm.ts";
export type { Padding2d } from "./ops/images.ts";
export * as layerOps from "./ops/index.ts";
export * from "./ops/index.ts";
export type { AvgPool1dParams, AvgPool2dParams, Pool1dParams, Pool2dParams } from "./ops/pool.ts";
export type { BernoulliParams, UniformNoiseParams } from "./ops/random.ts";
export type { RReluParams } from "./ops/rrelu.ts";
export type { SequenceMaskParams } from "./ops/sequence-mask.ts";
export type { UpsampleParams } from "./ops/upsample.ts";
export type { Padding, Pair } from "./ops/window.ts";
export { orthogonal } from "./orthogonal.ts";
export { type RunningAverageParams, runningAverage } from "./running-average.ts";
export type { Along, Fitting, HasWidths, Kept, LayerLike, LayersOf, Misfit, Widths } from "./widths.ts";
