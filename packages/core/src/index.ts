import "./accumulate.ts";
import "./conversions.ts";
import "./fluent.ts";
import "./install.ts";

export { type BackwardOptions, backward, Gradients } from "./backward.ts";
export { blockedProduct } from "./blocked.ts";
export { checkShape } from "./check-shape.ts";
export { defineListOp, defineOp, deriveOp } from "./checked-op.ts";
export type { TensorJson } from "./conversions.ts";
export { arange, eye, linspace } from "./create.ts";
export type { DerivedSpec } from "./derived-op.ts";
export { ArgumentError, GradientError, GradusError, ShapeError } from "./errors.ts";
export { full, ones, zeros } from "./fill.ts";
export { FormatError } from "./format-error.ts";
export { hashTensors } from "./hash.ts";
export { grad, hessian, hvp, jacobian, type TensorFunction, valueAndGrad } from "./higher-order.ts";
export type { KernelModule, ModuleInstruction, OpKernel, UpdateKernel, Walk } from "./kernel.ts";
export type { ListOp } from "./list-op.ts";
export * as math from "./math/index.ts";
export { SELU_ALPHA, SELU_LAMBDA, SELU_LAMBDA_ALPHA } from "./math/selu-constants.ts";
export { notTensor } from "./messages.ts";
export { nearestName } from "./nearest-name.ts";
export type { InputOf, NamedInputs, NetInput, NotInferred, PerInput } from "./net-input.ts";
export type { NestedNumbers, TypedArray } from "./numbers.ts";
export { type FaultOperand, NumericsError, type NumericsFault } from "./numerics-error.ts";
export type { Op, OpSpec, Rule, RuleContext } from "./op.ts";
export type { TensorLike } from "./op-arguments.ts";
export { chain } from "./ops/arithmetic.ts";
export type { CrossEntropyParams, NllParams } from "./ops/cross-entropy.ts";
export type { OneHotParams } from "./ops/embedding.ts";
export type { ExtremeParams } from "./ops/extrema.ts";
export type { GeluParams } from "./ops/gelu.ts";
export * as ops from "./ops/index.ts";
export * from "./ops/index.ts";
export type { LossParams, Reduction } from "./ops/loss-reduction.ts";
export type { NormParams } from "./ops/norm.ts";
export type { NormalizationParams } from "./ops/normalization.ts";
export type { BceParams, KlDivParams } from "./ops/probability-losses.ts";
export type { AlphaParams, ClampParams, HardtanhParams, SlopeParams } from "./ops/rectifiers.ts";
export type { BroadcastParams, ReduceParams } from "./ops/reduce.ts";
export type { HuberParams, SmoothL1Params } from "./ops/regression-losses.ts";
export type { ReshapeParams } from "./ops/reshape.ts";
export type { SoftplusParams } from "./ops/saturating.ts";
export type { AlongAxis } from "./ops/scan.ts";
export type { AxisParams, SplitParams } from "./ops/select.ts";
export type {
  FlattenParams,
  PermuteParams,
  SqueezeParams,
  TransposeAxes,
  UnsqueezeParams,
} from "./ops/shape-ops.ts";
export type { FlipParams, PadParams, SliceParams } from "./ops/slice.ts";
export type { VarianceParams } from "./ops/statistics.ts";
export { weightedMean } from "./ops/weighted-mean.ts";
export { check, checkOptions, noMore, resolveOptions } from "./options.ts";
export { type NamedParameter, Parameter, tensor, variable } from "./parameter.ts";
export { type MatmulParams, type MatrixProduct, type ProductSizes, plainProduct } from "./product.ts";
export { createRng, Rng, randomStream, restoreRng, type Seed } from "./random.ts";
export type { Range } from "./ranges.ts";
export * as ranges from "./ranges.ts";
export type { RngState } from "./rng-state.ts";
export { formatShape, type Shape, sameShape, show, sizeOf } from "./shape.ts";
export { tagOf } from "./tag.ts";
export { type OpRecord, Tensor } from "./tensor.ts";
export { type NumericsTrap, trapNumerics } from "./trap.ts";
export { type UpdateSpec, update } from "./update.ts";
export { useProduct } from "./use-product.ts";
