import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { checkIndices, indexSelect } from "./index-select.ts";

/** Params of {@link oneHot}. */
export interface OneHotParams {
  /** Number of classes, at least 1. */
  readonly classes: number;
}

/**
 * A row for each index, 1 at the index and 0 elsewhere.  Shapes: indices [*s] → [*s, classes].  No gradient.
 *
 * @throws ArgumentError for an index that is not a whole number in [0, classes), or a number of classes that is not a
 *   whole number ≥ 1.
 * @example oneHot(tensor([2, 0]), { classes: 3 }); // [[0, 0, 1], [1, 0, 0]]
 */
export const oneHot: Op<[indices: Tensor], OneHotParams> = defineOp<[indices: Tensor], OneHotParams>({
  name: "oneHot",
  formula: "out[i, j] = 1 where j = indices[i], else 0",
  shape: ([indices], { classes }) => [...indices, classes],
  forward: ([indices], out, _, { classes }) => {
    checkIndices(indices, classes, `there are ${classes} classes`);
    for (let i = 0; i < indices.size; i++) out[i * classes + indices.data[i]] = 1;
  },
  vjp: [null],
  ranges: { classes: "positiveCount" },
  required: ["classes"],
});

/**
 * Rows of a table, out[…] = weight[indices[…]].  Shapes: weight [n, d], indices [*s] → [*s, d].
 *
 * @throws ShapeError if the weight is not a matrix; ArgumentError for an index that is not a whole number in [0, n).
 * @example embedding(tensor([[1, 2], [3, 4]]), tensor([1, 1, 0])); // [[3, 4], [3, 4], [1, 2]]
 */
export const embedding: Op<[weight: Tensor, indices: Tensor]> = deriveOp<[weight: Tensor, indices: Tensor]>({
  name: "embedding",
  formula: "out[i, :] = weight[indices[i], :]",
  arity: 2,
  compute: ([weight, indices]) => {
    if (weight.rank !== 2) throw new ShapeError(`weight must be a matrix [n, d], got rank ${weight.rank}`);
    return indexSelect(weight, indices, { axis: 0 });
  },
});
