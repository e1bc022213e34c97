import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { chain, neg, sub } from "./arithmetic.ts";
import { exp, expm1 } from "./exponential.ts";
import { type Lanes, lanes } from "./lanes.ts";
import { keepReduced, REDUCE_ALL, type ReduceParams, reducedShape, sum } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { type AlongAxis, keptAlongAxis } from "./scan.ts";

/**
 * Logarithm of a sum of exponentials over axes, out = ln Σ eˣ, without overflow.  Shapes: the reduced axes vanish, or
 * stay with size 1 under `keepDims`.
 *
 * Computed as m + ln(1 + Σ e^(x−m)) with m the largest x and the sum over all others in row-major order, which stays
 * accurate however far m is ahead. It is -Infinity for nothing and where all x are -Infinity (whose gradient is NaN
 * then, as in PyTorch), Infinity where one is.
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
    // An infinite largest element, or NaN, is the result already.
    for (let k = 0; k < out.length; k++) if (Number.isFinite(out[k])) out[k] += math.log1p(rest[k]);
  },
  // e^(x − out) is the softmax of x.
  vjp: [
    (g, { inputs: [x], out, params }) =>
      chain(keepReduced(g, x.shape, params), exp(sub(x, keepReduced(out, x.shape, params)))),
  ],
  defaults: REDUCE_ALL,
});

/**
 * Calls `finish` for every lane along an axis, from `start` to `end` by `step`, once `out` holds x − m there, m being
 * the largest x, which keeps the exponentials from overflowing. `rest` is Σ e^(x−m) over all but the first largest,
 * whose term is 1, in increasing index.
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
 * Softmax along an axis: positive numbers in the proportion of eˣ that add up to 1.  Shapes: kept.
 *
 * With m the largest x it is e^(x−m) / (1 + Σ e^(x−m)), the sum over all but the first largest in increasing index, so
 * that nothing overflows. All NaN where an x is NaN or Infinity, or all are -Infinity; a single -Infinity gets 0.
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
      return chain(centre(centre(g)), out); // twice, as one pass cancels where an out is close to 1
    },
  ],
  required: ["axis"],
});

/**
 * Logarithm of the softmax along an axis, x − m − ln(1 + Σ e^(x−m)) with m the largest x.  Shapes: kept.
 *
 * Accurate where softmax itself would be rounded to 0 or 1. Summed and NaN as {@link softmax}.
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
  // ∂outᵢ/∂xⱼ = [i = j] − pⱼ with p = e^out, so that the gradient is g − p·Σ g. Written as g·(1 − p) − p·(Σ g − g),
  // as that would cancel where p is close to 1.
  kernel: { layout: "rows", instruction: "logSoftmax" },
  vjp: [
    (g, { out, params: { axis } }) => {
      const others = sub(sum(g, { axes: axis, keepDims: true }), g);
      return sub(chain(g, neg(expm1(out))), chain(others, exp(out)));
    },
  ],
  required: ["axis"],
});
