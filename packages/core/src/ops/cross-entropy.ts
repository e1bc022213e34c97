import { deriveOp } from "../derived-op.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, type Shape, sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg } from "./arithmetic.ts";
import { WEIGHTS, weightsOf } from "./class-weights.ts";
import { notEqual } from "./comparison.ts";
import { checkIndices, gather, gatherOp } from "./index-select.ts";
import { type LossParams, REDUCTION, reduceLoss } from "./loss-reduction.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import type { AlongAxis } from "./scan.ts";
import { squeeze, unsqueeze } from "./shape-ops.ts";
import { logSoftmax } from "./softmax.ts";
import { expectTargets } from "./target-domain.ts";
import { meanOver } from "./weighted-mean.ts";
import { where } from "./where.ts";

/** Params of {@link nll}. */
export interface NllParams extends LossParams {
  /** One weight ≥ 0 per class; "mean" then divides by the sum of the weights of the targets. Default: all 1. */
  readonly classWeights?: readonly number[] | undefined;
  /** A target of this value counts as missing. Default -100, PyTorch's. */
  readonly ignoreIndex?: number;
}

const NLL_RANGES = { classWeights: WEIGHTS, ignoreIndex: "number", reduction: REDUCTION } as const;

/** Params of {@link crossEntropy}. */
export interface CrossEntropyParams extends NllParams {
  /** The share ε of the target that is distributed equally over all classes, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Negative log-likelihood, −x[target], of log-probabilities x under class indices.
 *
 * Shapes: x [n, c] and target [n] → [], or [n] with reduction "none"; one sample: x [c] and target []. Further axes
 * follow the class axis: x [n, c, ...], target [n, ...].
 *
 * @throws ShapeError if the shapes do not fit; ArgumentError for a wrong label or bad weights.
 * @example nll(logSoftmax(logits, { axis: -1 }), tensor([2, 0]));
 */
export const nll: Op<[x: Tensor, target: Tensor], NllParams> = deriveOp<
  [x: Tensor, target: Tensor],
  NllParams
>({
  name: "nll",
  formula: "loss = −w[target]·x[target]",
  arity: 2,
  compute: ([x, target], params) => classLoss("nll", x, target, { ...params, labelSmoothing: 0 }),
  ranges: NLL_RANGES,
  defaults: { classWeights: undefined, ignoreIndex: -100, reduction: "mean" },
});

/**
 * Cross entropy of softmax(logits) against a target, −Σ w·q·ln softmax(logits), stable for logits of any size.
 *
 * Shapes: logits [n, c] with class indices [n] or probabilities [n, c] → [], or [n] with reduction "none"; one sample:
 * logits [c] with [] or [c]. Further axes follow the class axis: logits [n, c, ...].
 *
 * With `labelSmoothing` ε the target q becomes (1 − ε)·q + ε/c (Szegedy et al. 2016, Rethinking the Inception
 * Architecture, §7). "mean" divides by the sum of the targets' class weights, for probabilities by the number of
 * samples, as PyTorch does.
 *
 * @throws ShapeError if the shapes do not fit; ArgumentError for a wrong label or bad params.
 * @example crossEntropy(tensor([[2, 1, 0]]), tensor([0])); // 0.40760596
 */
export const crossEntropy: Op<[logits: Tensor, target: Tensor], CrossEntropyParams> = deriveOp<
  [logits: Tensor, target: Tensor],
  CrossEntropyParams
>({
  name: "crossEntropy",
  formula: "loss = −Σ w·q·ln softmax(x), q = (1 − ε)·target + ε/c",
  arity: 2,
  compute: ([logits, target], params) => {
    if (logits.rank === 0) throw new ShapeError("logits need a class axis");
    const x = logSoftmax(logits, { axis: classAxis(logits.shape) });
    return sameShape(logits.shape, target.shape)
      ? probabilityLoss(x, target, params)
      : classLoss("crossEntropy", x, target, params);
  },
  ranges: { ...NLL_RANGES, labelSmoothing: "unit" },
  defaults: { labelSmoothing: 0, classWeights: undefined, ignoreIndex: -100, reduction: "mean" },
});

/** The class axis: 1, after the batch; 0 for a single sample. */
function classAxis(shape: Shape): number {
  return shape.length === 1 ? 0 : 1;
}

/** {@link gather} of one class per sample. Errors speak of classes, and of their places in the targets. */
const gatherClass: Op<[x: Tensor, classes: Tensor], AlongAxis> = gatherOp(
  "gatherClass",
  ({ data, shape }, axis, size) =>
    checkIndices({ data, shape: shape.toSpliced(axis, 1) }, size, `there are ${size} classes`, "class"),
);

type Resolved = Required<CrossEntropyParams>;

/**
 * −(1 − ε)·w[t]·x[t] − ε/c·Σ w·x for class indices t. Uses ops only and does not read the labels, so that `compile` can
 * trace it once and run it on other batches.
 */
function classLoss(
  loss: string,
  x: Tensor,
  target: Tensor,
  { labelSmoothing, classWeights, ignoreIndex, reduction }: Resolved,
): Tensor {
  if (x.rank === 0) throw new ShapeError("log-probabilities need a class axis");
  const axis = classAxis(x.shape);
  const expected = x.shape.toSpliced(axis, 1);
  if (!sameShape(target.shape, expected)) {
    const alternative = loss === "nll" ? "" : ", or that of the logits for probabilities";
    const got = `${alternative}, got ${formatShape(target.shape)}`;
    throw new ShapeError(`targets must have shape ${formatShape(expected)}${got}`);
  }
  expectTargets(target, { loss, kind: "classes", classes: x.shape[axis], ignored: ignoreIndex });
  const weights = weightsFor(x.shape[axis], classWeights);
  const counted = notEqual(target, ignoreIndex);
  const classes = where(counted, target, 0);
  // Before the weights, because this gather refuses a wrong label.
  const logLoss = neg(squeeze(gatherClass(x, unsqueeze(classes, { axis }), { axis }), { axes: axis }));
  // No weights count as 1.
  const weight = classWeights
    ? mul(counted, reshape(gather(weights, classes.flatten(), { axis: 0 }), { shape: target.shape }))
    : counted;
  // `where` and `chain`, not products: a loss of weight 0 may be infinite.
  let losses = where(weight, classWeights ? mul(weight, logLoss) : logLoss, 0);
  if (labelSmoothing > 0) {
    const everyClass = where(counted, neg(sum(chain(alongClasses(weights, x), x), { axes: axis })), 0);
    losses = add(chain(1 - labelSmoothing, losses), mul(labelSmoothing / x.shape[axis], everyClass));
  }
  return reduction === "mean" ? meanOver(losses, weight) : reduceLoss(losses, reduction);
}

/** −Σ w·q·x for probabilities q. */
function probabilityLoss(
  x: Tensor,
  q: Tensor,
  { labelSmoothing, classWeights, ignoreIndex, reduction }: Resolved,
): Tensor {
  if (ignoreIndex !== -100)
    throw new ArgumentError("ignoreIndex needs class indices, but the targets are probabilities");
  const axis = classAxis(x.shape);
  const [classes, positions] = [x.shape[axis], sizeOf(x.shape.slice(axis + 1))];
  expectTargets(q, { loss: "crossEntropy", kind: "probabilities", classes, positions });
  const weights = alongClasses(weightsFor(x.shape[axis], classWeights), x);
  const smooth = labelSmoothing === 0 ? q : add(mul(1 - labelSmoothing, q), labelSmoothing / x.shape[axis]);
  return reduceLoss(neg(sum(chain(weights, chain(smooth, x)), { axes: axis })), reduction);
}

function weightsFor(classes: number, classWeights: readonly number[] | undefined): Tensor {
  const weights = weightsOf("classWeights", classWeights ?? Array.from({ length: classes }, () => 1));
  if (
    weights.size !== classes ||
    !weights.data.every((weight) => weight >= 0 && weight < Number.POSITIVE_INFINITY)
  ) {
    throw new ArgumentError(
      `classWeights: needs ${classes} class weights, finite and ≥ 0, got ${show(classWeights)}`,
    );
  }
  return weights;
}

/** A vector over the classes in a shape that broadcasts along the class axis of x. */
function alongClasses(weights: Tensor, x: Tensor): Tensor {
  return reshape(weights, { shape: [weights.size, ...x.shape.slice(classAxis(x.shape) + 1).map(() => 1)] });
}
