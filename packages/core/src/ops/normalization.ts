import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { deviation, soundVariance } from "./deviation.ts";
import { div } from "./division.ts";
import { sqrt } from "./elementary.ts";
import { countOf, mean } from "./mean.ts";
import { square } from "./square.ts";
import { spreadOf } from "./statistics.ts";

/** Params of {@link layerNorm} and {@link batchNorm}. */
export interface NormalizationParams {
  /** Added to the variance under the root, so that constant inputs become 0. Default 1e-5, PyTorch's. */
  readonly epsilon?: number;
}

/**
 * Normalizes each sample over its trailing axes to mean 0 and variance 1, then scales and shifts per element.
 *
 * Shapes: x [..., *s], scale and shift [*s] → [..., *s]. The variance is that of the population (no correction), in two
 * passes; if its squares overflow or underflow, they are scaled by a power of two.
 *
 * @throws ShapeError if scale and shift differ or are not the trailing axes of x; ArgumentError for a bad epsilon.
 * @example layerNorm(tensor([[1, 3]]), ones([2]), zeros([2])); // [[-0.999995, 0.999995]]
 */
export const layerNorm: Op<[x: Tensor, scale: Tensor, shift: Tensor], NormalizationParams> = deriveOp<
  [x: Tensor, scale: Tensor, shift: Tensor],
  NormalizationParams
>({
  name: "layerNorm",
  formula: "out = scale·(x − mean)/√(variance + epsilon) + shift",
  source: "Ba, Kiros & Hinton 2016, Layer Normalization, eq. 3–4",
  arity: 3,
  compute: ([x, scale, shift], { epsilon }) => {
    const trailing = x.shape.slice(x.rank - scale.rank);
    if (scale.rank === 0 || !sameShape(trailing, scale.shape) || !sameShape(scale.shape, shift.shape)) {
      throw new ShapeError("scale and shift must both have the shape of x's trailing axes");
    }
    const axes = scale.shape.map((_, i) => i - scale.rank);
    return add(mul(normalized(x, axes, epsilon), scale), shift);
  },
  ranges: { epsilon: "nonNegative" },
  defaults: { epsilon: 1e-5 },
});

/** (x − mean)/√(variance + epsilon), both over the given axes; the variance is that of the population. */
export function normalized(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centred = sub(x, mean(x, { axes, keepDims: true }));
  const variance = mean(square(centred), { axes, keepDims: true });
  const root = deviation(variance, centred, { axes, freedom: countOf(x.shape, { axes }), epsilon });
  return div(centred, root);
}

/**
 * Normalizes each channel by a given mean and variance, then scales and shifts it. In training, pass the mean and variance
 * of the batch, computed with ops so that gradients flow through them; in evaluation, the running ones.
 *
 * Shapes: x [n, ..., c], all others [c] → [n, ..., c]: channels are the last axis.
 *
 * @throws ShapeError if x has no channel axis or the others are not [c]; ArgumentError for a bad epsilon.
 * @example batchNorm(tensor([[1], [3]]), ones([1]), zeros([1]), tensor([2]), tensor([1])); // [[-0.999995], [0.999995]]
 */
export const batchNorm: Op<
  [x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor],
  NormalizationParams
> = deriveOp<[x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor], NormalizationParams>({
  name: "batchNorm",
  formula: "out = scale·(x − mean)/√(variance + epsilon) + shift",
  source: "Ioffe & Szegedy 2015, Batch Normalization, algorithm 1",
  arity: 5,
  compute: ([x, scale, shift, mean, variance], { epsilon }) => {
    if (x.rank < 2) throw new ShapeError("x needs a batch and a channel axis");
    const channels = x.shape[x.rank - 1];
    if ([scale, shift, mean, variance].some((vector) => !sameShape(vector.shape, [channels]))) {
      throw new ShapeError(
        `scale, shift, mean and variance must have the shape ${formatShape([channels])} of the channels`,
      );
    }
    return add(mul(div(sub(x, mean), sqrt(add(variance, epsilon))), scale), shift);
  },
  ranges: { epsilon: "nonNegative" },
  defaults: { epsilon: 1e-5 },
});

/**
 * {@link batchNorm} by the mean and variance of x itself over all axes but the last, for training.
 *
 * @returns the result, the mean and the variance, the latter two of shape [c].
 */
export function batchNormOfBatch(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  epsilon: number,
): { readonly out: Tensor; readonly mean: Tensor; readonly variance: Tensor } {
  const axes = [...x.shape.keys()].slice(0, -1);
  const batchMean = mean(x, { axes });
  const spread = spreadOf(x, { axes, keepDims: false, correction: 0 });
  const { centred, freedom } = spread;
  const root = deviation(spread.variance, centred, { axes, freedom, epsilon });
  const variance = soundVariance(spread.variance, centred, { axes, freedom });
  return { out: add(mul(div(sub(x, batchMean), root), scale), shift), mean: batchMean, variance };
}
