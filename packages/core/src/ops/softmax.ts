import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { chain, neg, sub } from "./arithmetic.ts";
import { exp, expm1 } from "./exponential.ts";
import { type Lanes, lanes } from "./lanes.ts";
import { keepReduced, REDUCE_ALL, REDUCE_RANGES, type ReduceParams, reducedShape, sum } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { type AlongAxis, keptAlongAxis } from "./scan.ts";

/**
 * Logarithm of a sum of exponentials over axes, out = ln Σ eˣ, without overflow.  Shapes: the reduced axes are removed, or
 * keep size 1 with `keepDims`.
 *
 * Computed as m + ln(1 + Σ e^(x−m)) with the largest x, m, and the sum over all others in row-major order, which is
 * accurate for any m. It is -Infinity for no elements and if all x are -Infinity (with the gradient NaN, as in PyTorch),
 * Infinity if one x is.
 *
 * @example logsumexp(tensor([1000, 1000])); // 1000.69315
 */
export const logsumexp: Op<[x: Tensor], ReduceParams> = defineOp<[x: Tensor], ReduceParams>({
  name: "logsumexp",
  formula: "out = ln Σ eˣ",
  shape: ([x], params) => reducedShape(x, params),
  forward: ([{ data, shape }], out, _, params) => {
    const rest = new Float64Array(out.length);
    const counted = new Uint8Array(out.length);
    out.fill(Number.NEGATIVE_INFINITY);
    forEachElement(shape, params, (k, i) => {
      out[k] = Math.max(out[k], data[i]);
    });
    forEachElement(shape, params, (k, i) => {
      const shifted = data[i] - out[k];
      if (shifted === 0 && counted[k] === 0) counted[k] = 1;
      else rest[k] += math.exp(shifted);
    });
    // A largest element that is infinite or NaN is the result.
    for (let k = 0; k < out.length; k++) if (Number.isFinite(out[k])) out[k] += math.log1p(rest[k]);
  },
  // e^(x − out) is the softmax of x.
  vjp: [
    (g, { inputs: [x], out, params }) =>
      chain(keepReduced(g, x.shape, params), exp(sub(x, keepReduced(out, x.shape, params)))),
  ],
  ranges: REDUCE_RANGES,
  defaults: REDUCE_ALL,
});

/**
 * Writes x − m to every lane of `out` along an axis, where m is the largest x of the lane, so that exponentials do not
 * overflow. Then calls `finish` for the lane, from `start` to `end` by `step`. `rest` is Σ e^(x−m) in increasing index,
 * without the first largest x, whose term is 1.
 */
function forEachShiftedLane(
  { data, outer, count, inner }: Lanes,
  out: Float64Array,
  finish: (start: number, end: number, step: number, rest: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * count * inner + i;
      const end = start + count * inner;
      let largest = Number.NEGATIVE_INFINITY;
      for (let at = start; at < end; at += inner) largest = Math.max(largest, data[at]);
      let rest = 0;
      let counted = false;
      for (let at = start; at < end; at += inner) {
        out[at] = data[at] - largest;
        if (out[at] === 0 && !counted) counted = true;
        else rest += math.exp(out[at]);
      }
      finish(start, end, inner, rest);
    }
  }
}

/**
 * Softmax along an axis: positive numbers proportional to eˣ with the sum 1.  Shapes: kept.
 *
 * Computed as e^(x−m) / (1 + Σ e^(x−m)) with the largest x, m, and the sum over all but the first largest in increasing
 * index, without overflow. All NaN if an x is NaN or Infinity, or all are -Infinity; else 0 for an x of -Infinity.
 *
 * @throws ShapeError if x has no such axis.
 * @example softmax(tensor([0, 0]), { axis: 0 }); // [0.5, 0.5]
 */
export const softmax: Op<[x: Tensor], AlongAxis> = defineOp<[x: Tensor], AlongAxis>({
  name: "softmax",
  formula: "outᵢ = e^xᵢ / Σⱼ e^xⱼ",
  source: "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs",
  shape: keptAlongAxis,
  forward: ([x], out, _, { axis }) => {
    forEachShiftedLane(lanes(x, axis), out, (start, end, step, rest) => {
      for (let at = start; at < end; at += step) out[at] = math.exp(out[at]) / (1 + rest);
    });
  },
  // ∂outᵢ/∂xⱼ = outᵢ·([i = j] − outⱼ), so that the gradient is out·(g − Σ g·out).
  kernel: { layout: "rows", instruction: "softmax" },
  vjp: [
    (g, { out, params: { axis } }) => {
      const centre = (h: Tensor): Tensor => sub(h, sum(chain(h, out), { axes: axis, keepDims: true }));
      return chain(centre(centre(g)), out); // twice, because one pass cancels if an out is close to 1
    },
  ],
  ranges: { axis: "whole" },
  required: ["axis"],
});

/**
 * Logarithm of the softmax along an axis, x − m − ln(1 + Σ e^(x−m)) with the largest x, m.  Shapes: kept.
 *
 * Accurate also if softmax rounds to 0 or 1. Order of the sum and NaN as in {@link softmax}.
 *
 * @throws ShapeError if x has no such axis.
 * @example logSoftmax(tensor([0, -1000]), { axis: 0 }); // [0, -1000]
 */
export const logSoftmax: Op<[x: Tensor], AlongAxis> = defineOp<[x: Tensor], AlongAxis>({
  name: "logSoftmax",
  formula: "outᵢ = xᵢ − ln Σⱼ e^xⱼ",
  shape: keptAlongAxis,
  forward: ([x], out, _, { axis }) => {
    forEachShiftedLane(lanes(x, axis), out, (start, end, step, rest) => {
      const logTotal = math.log1p(rest);
      for (let at = start; at < end; at += step) out[at] -= logTotal;
    });
  },
  // ∂outᵢ/∂xⱼ = [i = j] − pⱼ with p = e^out, so the gradient is g − p·Σ g. This cancels if p is close to 1; therefore it is
  // computed as g·(1 − p) − p·(Σ g − g).
  kernel: { layout: "rows", instruction: "logSoftmax" },
  vjp: [
    (g, { out, params: { axis } }) => {
      const others = sub(sum(g, { axes: axis, keepDims: true }), g);
      return sub(chain(g, neg(expm1(out))), chain(others, exp(out)));
    },
  ],
  ranges: { axis: "whole" },
  required: ["axis"],
});
