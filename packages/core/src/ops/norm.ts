import { ArgumentError } from "../errors.ts";
import { powerOfTwo } from "../math/bits.ts";
import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul } from "./arithmetic.ts";
import { equal, notEqual } from "./comparison.ts";
import { div } from "./division.ts";
import { abs, sign } from "./elementary.ts";
import { evenShares, refuseNothing } from "./extrema.ts";
import { pow } from "./pow.ts";
import { keepReduced, REDUCE_ALL, REDUCE_RANGES, type ReduceParams, reducedShape } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";

/** Params of {@link norm}. */
export interface NormParams extends ReduceParams {
  /** p > 0, Infinity for the largest magnitude or -Infinity for the smallest. Default 2. */
  readonly order?: number;
}

/**
 * The p-norm over axes, out = (Σ|x|ᵖ)^(1/p), summed in row-major order.  Shapes: the reduced axes are removed, or keep size
 * 1 with `keepDims`.
 *
 * So that no power overflows, magnitudes are first divided: for order 2 by a power of two near the largest, which is exact,
 * for others (except 1) by the largest. The norm of no elements is 0. The gradient is x/out for order 2, in general
 * sign(x)·(|x|/out)^(p−1); it is 0 at the origin and, for p ≤ 1, for x = 0, as in PyTorch. For ±Infinity equal extreme
 * magnitudes share it equally.
 *
 * @throws ArgumentError for an order that is 0, below 0 or NaN; ShapeError for order ±Infinity of nothing.
 * @example norm(tensor([[3, 4], [0, -2]]), { axes: 1 }); // [5, 2]
 */
export const norm: Op<[x: Tensor], NormParams> = defineOp<[x: Tensor], NormParams>({
  name: "norm",
  formula: "out = (Σ |x|^order)^(1/order)",
  shape: ([x], params) => {
    const { order } = params;
    if (!(order > 0) && order !== Number.NEGATIVE_INFINITY)
      throw new ArgumentError(`order must be > 0 or -Infinity, got ${show(order)}`);
    if (Math.abs(order) === Number.POSITIVE_INFINITY) refuseNothing(x, params);
    return reducedShape(x, params);
  },
  forward: ([{ data, shape }], out, _, params) => {
    const { order } = params;
    const smallest = order === Number.NEGATIVE_INFINITY;
    const pick = smallest ? Math.min : Math.max;
    if (smallest) out.fill(Number.POSITIVE_INFINITY);
    forEachElement(shape, params, (k, i) => {
      out[k] = pick(out[k], Math.abs(data[i]));
    });
    if (Math.abs(order) === Number.POSITIVE_INFINITY) return;
    const { scaleFor, term, root } = termsOf(order);
    const scales = out.map(scaleFor);
    const sums = new Float64Array(out.length);
    forEachElement(shape, params, (k, i) => {
      sums[k] += term(Math.abs(data[i]) / scales[k]);
    });
    for (let k = 0; k < out.length; k++) {
      // A largest magnitude of 0, Infinity or NaN is the norm.
      if (out[k] > 0 && out[k] < Number.POSITIVE_INFINITY) out[k] = scales[k] * root(sums[k]);
    }
  },
  vjp: [
    (g, { inputs: [x], out, params }) =>
      chain(keepReduced(g, x.shape, params), slopeOf(x, keepReduced(out, x.shape, params), params)),
  ],
  ranges: { ...REDUCE_RANGES, order: "number" },
  defaults: { ...REDUCE_ALL, order: 2 },
});

interface Terms {
  /** The divisor of the magnitudes, from the largest one. */
  scaleFor(largest: number): number;
  term(ratio: number): number;
  root(sum: number): number;
}

function termsOf(order: number): Terms {
  if (order === 1) return { scaleFor: () => 1, term: (ratio) => ratio, root: (sum) => sum };
  if (order === 2) return { scaleFor: powerOfTwo, term: (ratio) => ratio * ratio, root: Math.sqrt };
  return {
    scaleFor: (largest) => largest,
    term: (ratio) => math.pow(ratio, order),
    root: (sum) => math.pow(sum, 1 / order),
  };
}

/** The derivative of the norm by each element; `length` is the norm with the reduced axes of size 1. */
function slopeOf(x: Tensor, length: Tensor, params: NormParams & { readonly order: number }): Tensor {
  const { order } = params;
  if (Math.abs(order) === Number.POSITIVE_INFINITY) return mul(sign(x), evenShares(abs(x), length, params));
  if (order === 1) return sign(x);
  // x/length, and 0 at the origin: (x·0)/(0 + 1).
  const unit = div(mul(x, notEqual(length, 0)), add(length, equal(length, 0)));
  if (order === 2) return unit;
  // For x = 0 the base is 1, because the power of 0 may be infinite; the sign makes the product 0.
  return mul(sign(x), pow(add(abs(unit), equal(x, 0)), order - 1));
}
