import { powerOfTwo } from "../math/bits.ts";
import { defineOp, type Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain, mul, neg } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { div } from "./division.ts";
import { map } from "./loops.ts";
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
      return chain(slopeFactor(h, root, { freedom: params.freedom }), mul(twoByUnit(root), centred));
    },
  ],
  defaults: { axes: undefined },
  required: ["freedom", "epsilon"],
});

/**
 * A power of two near the root, by which the gradient is computed: outside of the bounds its factors could overflow or
 * underflow before their product is known. Else 1. At least 2⁻¹⁰²¹, so that 2/unit does not overflow.
 */
function unitOf(root: number): number {
  const ordinary = !(root > 0) || (root > 1e-100 && root < 1e100) || root === Number.POSITIVE_INFINITY;
  return ordinary ? 1 : Math.max(powerOfTwo(root), 4.450147717014403e-308);
}

/** 2/unit. No gradient: it is piecewise constant. */
const twoByUnit: Op<[root: Tensor]> = defineOp<[root: Tensor]>({
  name: "twoByUnit",
  formula: "out = 2/unit",
  shape: ([root]) => root,
  forward: map((root) => 2 / unitOf(root)),
  vjp: [null],
});

/** The gradient by centred is this factor times 2·centred/unit: the slopes of √, ÷ and ² in the order of the chain rule. */
const slopeFactor: Op<[g: Tensor, root: Tensor], Pick<SpreadParams, "freedom">> = defineOp<
  [g: Tensor, root: Tensor],
  Pick<SpreadParams, "freedom">
>({
  name: "slopeFactor",
  formula: "out = g·(½·unit/root)/freedom, 0 where root = 0",
  shape: ([, root]) => root,
  forward: ([g, root], out, _, { freedom }) => {
    for (let k = 0; k < out.length; k++) {
      const [h, r] = [g.data[k], root.data[k]];
      if (h !== 0 && r !== 0) out[k] = h * ((0.5 * unitOf(r)) / r) * (1 / freedom);
    }
  },
  vjp: [
    (h, { inputs: [, root], params }) => slopeFactor(h, root, params),
    (h, { inputs: [, root], out }) => neg(chain(h, quotient(out, root))),
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
