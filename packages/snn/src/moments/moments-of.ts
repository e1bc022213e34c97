import { ArgumentError, formatShape, mean, noMore, notTensor, Tensor, variance } from "@gradus/core";
import type { Moments } from "./net-input.ts";

/**
 * The mean and variance of all numbers of a tensor, to compare with `seluMoments`. The variance is divided by the count n,
 * as in the theory, not by n − 1. It has no gradient.
 *
 * @param x of any shape, not empty.
 * @throws ArgumentError for anything else.
 * @example
 * momentsOf(tensor([1, 3])); // { mean: 2, variance: 1 }
 * for (const { path, output } of layerOutputs(net, x)) console.log(path, momentsOf(output));
 */
export function momentsOf(x: Tensor, ...extra: readonly undefined[]): Moments {
  noMore("momentsOf", "x", extra);
  if (!(x instanceof Tensor)) throw new ArgumentError(`momentsOf: x must be a tensor, got ${notTensor(x)}`);
  if (x.size === 0) throw new ArgumentError(`momentsOf: x is empty, shape ${formatShape(x.shape)}`);
  const values = x.detach();
  return { mean: mean(values).item(), variance: variance(values, { correction: 0 }).item() };
}
