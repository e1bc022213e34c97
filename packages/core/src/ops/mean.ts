import { deriveOp } from "../derived-op.ts";
import type { Op } from "../op.ts";
import { normalizeAxes, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div } from "./division.ts";
import { REDUCE_ALL, REDUCE_RANGES, type ReduceParams, sum } from "./reduce.ts";

/**
 * Arithmetic mean over axes: the sum (in the order of {@link sum}) divided by the count. The mean of no elements is NaN.
 *
 * @example mean(tensor([1, 2, 6])); // 3
 */
export const mean: Op<[x: Tensor], ReduceParams> = deriveOp<[x: Tensor], ReduceParams>({
  name: "mean",
  formula: "out = Σ x / count",
  arity: 1,
  compute: ([x], params) => div(sum(x, params), countOf(x.shape, params)),
  ranges: REDUCE_RANGES,
  defaults: REDUCE_ALL,
});

/** Number of elements in each result of a reduction. */
export function countOf(shape: Shape, { axes }: ReduceParams): number {
  if (axes === undefined) return sizeOf(shape);
  return sizeOf(normalizeAxes(axes, shape.length).map((axis) => shape[axis]));
}
