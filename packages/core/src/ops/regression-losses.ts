import { deriveOp } from "../derived-op.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { lessEqual } from "./comparison.ts";
import { div } from "./division.ts";
import { abs } from "./elementary.ts";
import { checkSameShape, type LossParams, REDUCTION, reduceLoss } from "./loss-reduction.ts";
import { square } from "./square.ts";
import { where } from "./where.ts";

/** Absolute error, |x − target|; its gradient is 0 where they are equal.  Shapes: as {@link mse}.  @example l1(tensor([1, 2]), tensor([1, 4])); // 1 */
export const l1: Op<[x: Tensor, target: Tensor], LossParams> = deriveOp<
  [x: Tensor, target: Tensor],
  LossParams
>({
  name: "l1",
  formula: "loss = |x − target|",
  arity: 2,
  compute: ([x, target], { reduction }) => {
    checkSameShape(x, target);
    return reduceLoss(abs(sub(x, target)), reduction);
  },
  ranges: { reduction: REDUCTION },
  defaults: { reduction: "mean" },
});

/** Params of {@link huber}. */
export interface HuberParams extends LossParams {
  /** The |x − target| above which the loss is linear. Default 1. */
  readonly delta?: number;
}

/**
 * Squared error near the target, absolute error far from it: ½d² for d = |x − target| ≤ delta, else delta·(d − ½delta).
 * Shapes: as {@link mse}.
 *
 * @throws ArgumentError unless delta is finite and above 0.
 * @example huber(tensor([0.5, 3]), tensor([0, 0]), { reduction: "none" }); // [0.125, 2.5]
 */
export const huber: Op<[x: Tensor, target: Tensor], HuberParams> = deriveOp<
  [x: Tensor, target: Tensor],
  HuberParams
>({
  name: "huber",
  formula: "loss = ½d² if d ≤ delta, else delta·(d − ½delta), d = |x − target|",
  source: "Huber 1964, Robust Estimation of a Location Parameter",
  arity: 2,
  compute: ([x, target], { delta, reduction }) => {
    checkSameShape(x, target);
    const difference = sub(x, target);
    const distance = abs(difference);
    // Not of the distance, whose slope at 0 is 0: the second derivative there is 1.
    const parabola = mul(0.5, square(difference));
    const line = mul(delta, sub(distance, 0.5 * delta));
    return reduceLoss(where(lessEqual(distance, delta), parabola, line), reduction);
  },
  ranges: { delta: "positive", reduction: REDUCTION },
  defaults: { delta: 1, reduction: "mean" },
});

/** Params of {@link smoothL1}. */
export interface SmoothL1Params extends LossParams {
  /** The |x − target| above which the loss is linear, ≥ 0. 0 makes it {@link l1}. Default 1. */
  readonly beta?: number;
}

/**
 * {@link huber} divided by its delta: ½d²/beta for d = |x − target| ≤ beta, else d − ½beta, so that the slope far from the target
 * is 1 for every beta (Girshick 2015).  Shapes: as {@link mse}.
 *
 * @throws ArgumentError unless beta is finite and ≥ 0.
 * @example smoothL1(tensor([0.5, 3]), tensor([0, 0]), { beta: 0.5, reduction: "none" }); // [0.25, 2.75]
 */
export const smoothL1: Op<[x: Tensor, target: Tensor], SmoothL1Params> = deriveOp<
  [x: Tensor, target: Tensor],
  SmoothL1Params
>({
  name: "smoothL1",
  formula: "loss = ½d²/beta if d ≤ beta, else d − ½beta, d = |x − target|",
  source: "Girshick 2015, Fast R-CNN, eq. 3",
  arity: 2,
  compute: ([x, target], { beta, reduction }) => {
    checkSameShape(x, target);
    const difference = sub(x, target);
    const distance = abs(difference);
    if (beta === 0) return reduceLoss(distance, reduction);
    // d·(d/beta): the square of a small d could underflow.
    const parabola = mul(0.5, mul(difference, div(difference, beta)));
    return reduceLoss(where(lessEqual(distance, beta), parabola, sub(distance, 0.5 * beta)), reduction);
  },
  ranges: { beta: "nonNegative", reduction: REDUCTION },
  defaults: { beta: 1, reduction: "mean" },
});
