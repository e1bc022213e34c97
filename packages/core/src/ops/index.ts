// The registry. Whatever is exported here is a function of the package, a method of Tensor, a row of docs/ops.md,
// and must pass the gradient checks of its own samples.
export {
  abs,
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  rsqrt,
  sign,
  sqrt,
  square,
  sub,
} from "./arithmetic.ts";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison.ts";
export { cos, erf, erfc, exp, expm1, log, log1p, pow, sin } from "./exponential.ts";
export { gelu } from "./gelu.ts";
export { matmul } from "./linalg.ts";
export { celu, elu, hardtanh, leakyRelu, relu, relu6, selu } from "./rectifiers.ts";
export { broadcastTo, mean, sum } from "./reduce.ts";
export { logSigmoid, mish, sigmoid, silu, softplus, softsign, tanh } from "./saturating.ts";
export { concat, slice } from "./select.ts";
export { flatten, permute, reshape, squeeze, transpose, unsqueeze } from "./views.ts";
export { clamp, where } from "./where.ts";
