import {
  ArgumentError,
  add,
  formatShape,
  mul,
  type NormalizationParams,
  type Op,
  reshape,
  ShapeError,
  sameShape,
  sizeOf,
  type Tensor,
} from "@gradus/core";
import { deriveOp, normalized } from "@gradus/core/internal";

/** Params of {@link groupNorm}. */
export interface GroupNormParams extends NormalizationParams {
  /** Number of groups of neighbouring channels, ≥ 1. */
  readonly groups: number;
}

/**
 * Normalizes each group of channels of each sample, over its channels and all positions, to mean 0 and variance 1, then
 * scales and shifts each channel. One group: layer normalization of a whole image; as many groups as channels: instance
 * normalization.
 *
 * Shapes: x [n, ..., c], scale and shift [c] → [n, ..., c]. The variance is that of the population, as in `layerNorm`.
 *
 * @throws ShapeError if x has no channel axis or scale and shift are not [c]; ArgumentError for groups that do not divide c
 *   or a bad epsilon.
 * @example groupNorm(images, ones([8]), zeros([8]), { groups: 2 }); // [32, 28, 28, 8], unchanged
 */
export const groupNorm: Op<[x: Tensor, scale: Tensor, shift: Tensor], GroupNormParams> = deriveOp<
  [x: Tensor, scale: Tensor, shift: Tensor],
  GroupNormParams
>({
  name: "groupNorm",
  formula: "out = scale·(x − mean)/√(variance + epsilon) + shift, mean and variance of each group",
  source: "Wu & He 2018, Group Normalization, eq. 1 and §3.1",
  arity: 3,
  compute: ([x, scale, shift], { groups, epsilon }) => {
    if (x.rank < 2) throw new ShapeError("x needs a batch and a channel axis");
    const { shape } = x;
    const channels = shape[x.rank - 1];
    if (!sameShape(scale.shape, [channels]) || !sameShape(shift.shape, [channels])) {
      throw new ShapeError(`scale and shift must have the shape ${formatShape([channels])} of the channels`);
    }
    if (channels % groups !== 0) {
      throw new ArgumentError(`groups must divide the number of channels, got ${groups} and ${channels}`);
    }
    const grouped = [shape[0], sizeOf(shape.slice(1, -1)), groups, channels / groups];
    const out = normalized(reshape(x, { shape: grouped }), [1, 3], epsilon);
    return add(mul(reshape(out, { shape }), scale), shift);
  },
  ranges: { groups: "positiveCount", epsilon: "nonNegative" },
  defaults: { epsilon: 1e-5 },
  required: ["groups"],
});
