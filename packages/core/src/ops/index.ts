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
export { matmul } from "./linalg.ts";
export { broadcastTo, mean, sum } from "./reduce.ts";
export { concat, slice } from "./select.ts";
export { flatten, permute, reshape, squeeze, transpose, unsqueeze } from "./views.ts";
