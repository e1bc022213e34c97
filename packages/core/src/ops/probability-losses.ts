import { deriveOp } from "../derived-op.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { oneOf } from "../ranges.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg, sub } from "./arithmetic.ts";
import { WEIGHTS, weightsOf } from "./class-weights.ts";
import { equal } from "./comparison.ts";
import { div } from "./division.ts";
import { exp, log } from "./exponential.ts";
import { checkSameShape, type LossParams, REDUCTION, type Reduction, reduceLoss } from "./loss-reduction.ts";
import { sum } from "./reduce.ts";
import { softplus } from "./saturating.ts";
import { expectTargets } from "./target-domain.ts";
import { where } from "./where.ts";

/** Params of {@link bceWithLogits}. */
export interface BceParams extends LossParams {
  /** Weight of the positive class: one number, or one per entry of the last axis. Default 1. */
  readonly positiveWeight?: number | readonly number[];
}

/**
 * Binary cross entropy of σ(logits): −w·target·ln σ(logits) − (1 − target)·ln σ(−logits).
 *
 * Shapes: logits and target equal → [] or their shape. The two terms are computed separately, so small losses are accurate
 * too (at a logit of 40 the loss is 4.2e-18, not 0).
 *
 * @example bceWithLogits(tensor([0]), tensor([1])); // 0.69314718
 */
export const bceWithLogits: Op<[logits: Tensor, target: Tensor], BceParams> = deriveOp<
  [logits: Tensor, target: Tensor],
  BceParams
>({
  name: "bceWithLogits",
  formula: "loss = −w·target·ln σ(x) − (1 − target)·ln σ(−x)",
  arity: 2,
  compute: ([logits, target], { positiveWeight, reduction }) => {
    checkSameShape(logits, target);
    expectTargets(target, { loss: "bceWithLogits", kind: "numbers", low: 0, high: 1 });
    const weight = weightsOf("positiveWeight", positiveWeight);
    const fits = weight.rank === 0 || weight.size === logits.shape.at(-1);
    if (!fits || !weight.data.every((w) => w >= 0 && w < Number.POSITIVE_INFINITY)) {
      throw new ArgumentError(
        `positiveWeight must be finite, ≥ 0 and one number or one per column, got ${show(positiveWeight)}`,
      );
    }
    // `chain`, not a product: a part of weight 0 may be infinite.
    const positive = chain(mul(weight, target), softplus(neg(logits)));
    const negative = chain(sub(1, target), softplus(logits));
    return reduceLoss(add(positive, negative), reduction);
  },
  ranges: { positiveWeight: WEIGHTS, reduction: REDUCTION },
  defaults: { positiveWeight: 1, reduction: "mean" },
});

/** Params of {@link klDiv}. */
export interface KlDivParams {
  /** Whether the target is given as logarithms too. Default false. */
  readonly logTarget?: boolean;
  /** "mean" divides by the number of elements, "batchMean" by the size of axis 0, which is the divergence. Default "mean", PyTorch's. */
  readonly reduction?: Reduction | "batchMean";
}

/**
 * Kullback–Leibler divergence, target·(ln target − x), of x = ln(prediction) from the target; 0 where the target is 0.
 *
 * Shapes: x and target equal → [] or their shape.
 *
 * @example klDiv(log(tensor([0.5, 0.5])), tensor([1, 0]), { reduction: "sum" }); // 0.69314718
 */
export const klDiv: Op<[x: Tensor, target: Tensor], KlDivParams> = deriveOp<
  [x: Tensor, target: Tensor],
  KlDivParams
>({
  name: "klDiv",
  formula: "loss = target·(ln target − x)",
  arity: 2,
  compute: ([x, target], { logTarget, reduction }) => {
    checkSameShape(x, target);
    const [low, high] = logTarget ? [Number.NEGATIVE_INFINITY, 0] : [0, 1];
    expectTargets(target, { loss: "klDiv", kind: "numbers", low, high });
    const losses = logTarget ? expTimes(target, sub(target, x)) : sub(timesLog(target), chain(target, x));
    if (reduction !== "batchMean") return reduceLoss(losses, reduction);
    if (x.rank === 0) throw new ShapeError("a scalar has no batch axis to take the mean over");
    return div(sum(losses), x.shape[0]);
  },
  ranges: { logTarget: "flag", reduction: oneOf("mean", "batchMean", "sum", "none") },
  defaults: { logTarget: false, reduction: "mean" },
});

/** eᵗ·y, and 0 where eᵗ is 0, even if y is infinite or NaN there, also in the gradient. */
function expTimes(t: Tensor, y: Tensor): Tensor {
  const p = exp(t);
  return mul(p, where(p, y, 0));
}

/** t·ln t, and 0 at t = 0, for which ln 1 replaces ln 0 = −∞, also in the gradient. */
function timesLog(t: Tensor): Tensor {
  const zero = equal(t, 0);
  return where(zero, 0, mul(t, log(where(zero, 1, t))));
}
