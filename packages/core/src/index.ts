import "./fluent.ts";

export { type BackwardOptions, backward, Gradients } from "./backward.ts";
export { arange, eye, full, linspace, ones, zeros } from "./create.ts";
export { ArgumentError, FormatError, GradientError, GradusError, ShapeError } from "./errors.ts";
export { grad, hessian, hvp, jacobian, type TensorFunction, valueAndGrad } from "./higher-order.ts";
export { kernels, useKernels } from "./kernels/current.ts";
export type { GemmOptions, Kernels } from "./kernels/kernels.ts";
export * as math from "./math/index.ts";
export {
  type DerivedSpec,
  defineListOp,
  defineOp,
  deriveOp,
  type ListOp,
  type Op,
  type OpSpec,
  type Rule,
  type RuleContext,
  type TensorLike,
} from "./op.ts";
export * as ops from "./ops/index.ts";
export * from "./ops/index.ts";
export { createRng, Rng, type RngState, restoreRng, type Seed } from "./random.ts";
export {
  binarySamples,
  type Domain,
  type Sample,
  type SampleInput,
  sample,
  unarySamples,
} from "./samples.ts";
export { checkShape, formatShape, type Shape, sameShape, show, sizeOf } from "./shape.ts";
export {
  type NamedParameter,
  type NestedNumbers,
  Parameter,
  Tensor,
  type TypedArray,
  tensor,
  variable,
} from "./tensor.ts";
