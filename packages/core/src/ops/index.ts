// The registry. Each export is a function of the package, a method of Tensor and a row of docs/ops.md, and must pass the
// gradient checks on its samples (test/samples).
export { add, div, mul, neg, reciprocal, square, sub } from "./arithmetic.ts";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison.ts";
export { crossEntropy, nll } from "./cross-entropy.ts";
export { abs, maximum, minimum, rsqrt, sign, sqrt } from "./elementary.ts";
export { embedding, oneHot } from "./embedding.ts";
export { cos, erf, erfc, exp, expm1, log, log1p, pow, sin } from "./exponential.ts";
export { amax, amin, argmax, argmin, max, min } from "./extrema.ts";
export { gelu } from "./gelu.ts";
export { gather, indexSelect } from "./index-select.ts";
export { linear, outer } from "./linalg.ts";
export { matmul } from "./matmul.ts";
export { norm } from "./norm.ts";
export { batchNorm, layerNorm } from "./normalization.ts";
export { bceWithLogits, klDiv } from "./probability-losses.ts";
export { celu, clamp, elu, hardtanh, leakyRelu, relu6, selu } from "./rectifiers.ts";
export { broadcastTo, sum } from "./reduce.ts";
export { huber, l1, mse } from "./regression-losses.ts";
export { relu } from "./relu.ts";
export { reshape } from "./reshape.ts";
export { logSigmoid, mish, sigmoid, silu, softplus, softsign, tanh } from "./saturating.ts";
export { cumsum, prod } from "./scan.ts";
export { concat, split, stack } from "./select.ts";
export { flatten, permute, squeeze, transpose, unsqueeze } from "./shape-ops.ts";
export { flip, pad, slice } from "./slice.ts";
export { logSoftmax, logsumexp, softmax } from "./softmax.ts";
export { mean, std, variance } from "./statistics.ts";
export { where } from "./where.ts";
