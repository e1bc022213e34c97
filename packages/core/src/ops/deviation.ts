import { powerOfTwo } from "../math/bits.ts";
import { defineOp, type Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain, div, mul, neg } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { forEachRow } from "./loops.ts";
import { keepReduced, type ReduceParams } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { where } from "./where.ts";

interface SpreadParams extends Pick<ReduceParams, "axes"> {
  /** The divisor of Σ centred², count − correction. */
  readonly freedom: number;
}

interface DeviationParams extends SpreadParams {
  readonly epsilon: number;
}

/** Below this a sum of squares may have lost digits to underflow. */
const TINY = 1e-280;

/**
 * √(variance + epsilon), where the variance is Σ centred²/freedom.  Shapes: variance [s] and centred of any shape that
 * reduces to [s] over the axes → [s].
 *
 * Usually this is the root of the variance that is passed. If the squares overflowed or underflowed, they are added again for
 * x divided by a power of two: elements up to 1e308 and down to 1e-308 have a deviation, while their variance does not fit
 * a double. The gradient, centred/(freedom·out), flows to `centred` alone: by way of the variance it would underflow. At a
 * deviation of 0 it is 0.
 */
export const deviation: Op<[variance: Tensor, centred: Tensor], DeviationParams> = defineOp<
  [variance: Tensor, centred: Tensor],
  DeviationParams
>({
  name: "deviation",
  formula: "out = √(variance + epsilon)",
  shape: ([variance]) => variance,
  forward: ([variance, centred], out, _, params) => {
    const { epsilon } = params;
    let rescale = false;
    for (let k = 0; k < out.length; k++) {
      const square = variance.data[k] + epsilon;
      out[k] = Math.sqrt(square);
      rescale ||= square < TINY || square === Number.POSITIVE_INFINITY;
    }
    if (!rescale) return;
    const { scales, sums } = scaledSquares(centred, variance.size, params, Math.sqrt(epsilon));
    for (let k = 0; k < out.length; k++) {
      const square = variance.data[k] + epsilon;
      const scale = scales[k];
      if (Number.isNaN(scale) || (square >= TINY && square < Number.POSITIVE_INFINITY)) continue;
      out[k] = scale * Math.sqrt(sums[k] / params.freedom + epsilon / scale / scale);
    }
  },
  vjp: [
    null,
    (g, { inputs: [, centred], out, params }) => {
      const [h, root] = [g, out].map((x) => keepReduced(x, centred.shape, params));
      return slopeOf(h, centred, root, { freedom: params.freedom });
    },
  ],
  defaults: { axes: undefined },
  required: ["freedom", "epsilon"],
});

/** Outside of these bounds the factors of the gradient could overflow or underflow before their product is known. */
const ORDINARY = { least: 1e-100, most: 1e100 };

/** g·centred/(freedom·root), 0 where the root is 0.  Shapes: g and root broadcast to centred. */
const slopeOf: Op<[g: Tensor, centred: Tensor, root: Tensor], Pick<SpreadParams, "freedom">> = defineOp<
  [g: Tensor, centred: Tensor, root: Tensor],
  Pick<SpreadParams, "freedom">
>({
  name: "deviationSlope",
  formula: "out = g·centred/(freedom·root), 0 where root = 0",
  shape: ([, centred]) => centred,
  forward: ([g, centred, root], out, outShape, { freedom }) => {
    const shapes = [g.shape, centred.shape, root.shape];
    forEachRow(outShape, shapes, (start, length, [atG, atC, atR], [stepG, stepC, stepR]) => {
      for (let i = 0; i < length; i++) {
        const h = g.data[atG + i * stepG];
        const r = root.data[atR + i * stepR];
        const c = centred.data[atC + i * stepC];
        if (h === 0 || r === 0) continue;
        // In the first form the factors are multiplied in the order of the chain rule through √, ÷ and ².
        if (r > ORDINARY.least && r < ORDINARY.most) out[start + i] = h * (0.5 / r) * (1 / freedom) * (2 * c);
        else out[start + i] = (h / freedom) * (c / r);
      }
    });
  },
  vjp: [
    (h, { inputs: [, centred, root], params: { freedom } }) =>
      chain(h, div(quotient(centred, root), freedom)),
    (h, { inputs: [g, , root], params: { freedom } }) => chain(h, div(quotient(g, root), freedom)),
    (h, { inputs: [g, centred, root], params: { freedom } }) =>
      neg(chain(h, div(mul(quotient(g, root), quotient(centred, root)), freedom))),
  ],
  required: ["freedom"],
});

/** x/root, 0 where the root is 0. */
function quotient(x: Tensor, root: Tensor): Tensor {
  const zero = equal(root, 0);
  return where(zero, 0, div(x, where(zero, 1, root)));
}

/**
 * The variance that is passed; if Σ centred² overflowed, computed again as scale²·Σ(centred/scale)²/freedom, so that it is
 * infinite only if the variance itself does not fit a double. Shapes and gradient as {@link deviation}.
 */
export const soundVariance: Op<[variance: Tensor, centred: Tensor], SpreadParams> = defineOp<
  [variance: Tensor, centred: Tensor],
  SpreadParams
>({
  name: "soundVariance",
  formula: "out = Σ centred² / freedom",
  shape: ([variance]) => variance,
  forward: ([variance, centred], out, _, params) => {
    out.set(variance.data);
    if (!out.includes(Number.POSITIVE_INFINITY)) return;
    const { scales, sums } = scaledSquares(centred, out.length, params, 0);
    for (let k = 0; k < out.length; k++) {
      if (out[k] !== Number.POSITIVE_INFINITY || Number.isNaN(scales[k])) continue;
      out[k] = scales[k] * (scales[k] * (sums[k] / params.freedom));
    }
  },
  vjp: [(g) => g, null],
  defaults: { axes: undefined },
  required: ["freedom"],
});

/** Σ (x/scale)² of each of `count` results, with a power of two near its largest |x|; scale NaN if that is 0 or not finite. */
function scaledSquares(
  { data, shape }: { readonly data: Float64Array; readonly shape: Shape },
  count: number,
  { axes }: SpreadParams,
  least: number,
): { readonly scales: Float64Array; readonly sums: Float64Array } {
  const largest = new Float64Array(count);
  forEachElement(shape, { axes }, (k, i) => {
    largest[k] = Math.max(largest[k], Math.abs(data[i]));
  });
  const scales = largest.map((x) =>
    x > 0 && x < Number.POSITIVE_INFINITY ? powerOfTwo(Math.max(x, least)) : Number.NaN,
  );
  const sums = new Float64Array(count);
  forEachElement(shape, { axes }, (k, i) => {
    const part = data[i] / scales[k];
    sums[k] += part * part;
  });
  return { scales, sums };
}
