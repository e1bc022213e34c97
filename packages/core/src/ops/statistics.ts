import { deriveOp } from "../derived-op.ts";
import { defineOp, type Op } from "../op.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { deviation, soundVariance } from "./deviation.ts";
import { div } from "./division.ts";
import { countOf } from "./mean.ts";
import { REDUCE_ALL, REDUCE_RANGES, type ReduceParams, reducedShape, sum } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { square } from "./square.ts";

/**
 * x minus its mean over axes; its own adjoint.  Shapes: kept.
 *
 * The mean is s + Σ(x − s)/count, where s is the last element: exact if all elements are equal. If this overflows, as for
 * numbers of both signs near the largest double, it is Σ x/count.
 */
const centre: Op<[x: Tensor], ReduceParams> = defineOp<[x: Tensor], ReduceParams>({
  name: "centre",
  formula: "out = x − Σ x / count",
  shape: ([x]) => x,
  forward: ([{ data, shape }], out, _, params) => {
    const size = sizeOf(reducedShape(shape, params));
    const shift = new Float64Array(size);
    const total = new Float64Array(size);
    const count = countOf(shape, params);
    forEachElement(shape, params, (k, i) => {
      shift[k] = data[i];
    });
    forEachElement(shape, params, (k, i) => {
      total[k] += data[i] - shift[k];
    });
    const mean = total.map((sum, k) => (Number.isFinite(sum) ? shift[k] + sum / count : 0));
    if (!total.every(Number.isFinite)) {
      forEachElement(shape, params, (k, i) => {
        if (!Number.isFinite(total[k])) mean[k] += data[i] / count;
      });
    }
    forEachElement(shape, params, (k, i) => {
      out[i] = data[i] - mean[k];
    });
  },
  vjp: [(g, { params }) => centre(g, params)],
  defaults: REDUCE_ALL,
});

/** Params of {@link variance} and {@link std}. */
export interface VarianceParams extends ReduceParams {
  /**
   * The divisor is count − correction. Default 1 as in PyTorch, for the unbiased variance of a sample (Bessel); 0 gives
   * that of a population.
   */
  readonly correction?: number;
}

const VARIANCE_DEFAULTS = { ...REDUCE_ALL, correction: 1 };
const VARIANCE_RANGES = { ...REDUCE_RANGES, correction: "finite" } as const;

/** Count − correction; NaN if it is not positive, which makes the variance NaN. */
function degreesOfFreedom(shape: Shape, { axes, correction = 1 }: VarianceParams): number {
  const freedom = countOf(shape, { axes }) - correction;
  return freedom > 0 ? freedom : Number.NaN;
}

/** The elements minus their mean, their variance, and the divisor in it. */
export function spreadOf(
  x: Tensor,
  { axes, keepDims, correction }: Required<VarianceParams>,
): { readonly centred: Tensor; readonly variance: Tensor; readonly freedom: number } {
  const freedom = degreesOfFreedom(x.shape, { axes, correction });
  const centred = centre(x, { axes });
  return { centred, variance: div(sum(square(centred), { axes, keepDims }), freedom), freedom };
}

/**
 * Variance over axes, in two passes: the mean, then Σ(x − mean)² in row-major order, divided by count − correction. If
 * this sum overflows, it is computed again for x divided by a power of two.
 * Shapes: the reduced axes are removed, or keep size 1 with `keepDims`. NaN if count − correction is not positive.
 *
 * @throws ArgumentError if the correction is not finite.
 * @example variance(tensor([1, 2, 3])); // 1
 */
export const variance: Op<[x: Tensor], VarianceParams> = deriveOp<[x: Tensor], VarianceParams>({
  name: "variance",
  formula: "out = Σ (x − mean)² / (count − correction)",
  arity: 1,
  compute: ([x], params) => {
    const { centred, variance, freedom } = spreadOf(x, params);
    return soundVariance(variance, centred, { axes: params.axes, freedom });
  },
  ranges: VARIANCE_RANGES,
  defaults: VARIANCE_DEFAULTS,
});

/**
 * Standard deviation over axes, the root of {@link variance}, also where the variance does not fit a double. Its gradient
 * is 0 if all elements are equal, as in PyTorch.
 *
 * @throws ArgumentError if the correction is not finite.
 * @example std(tensor([1, 2, 3])); // 1
 */
export const std: Op<[x: Tensor], VarianceParams> = deriveOp<[x: Tensor], VarianceParams>({
  name: "std",
  formula: "out = √variance(x)",
  arity: 1,
  compute: ([x], params) => {
    const { centred, variance, freedom } = spreadOf(x, params);
    return deviation(variance, centred, { axes: params.axes, freedom, epsilon: 0 });
  },
  ranges: VARIANCE_RANGES,
  defaults: VARIANCE_DEFAULTS,
});
