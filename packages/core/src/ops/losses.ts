import { ArgumentError, ShapeError } from "../errors.ts";
import { deriveOp, type Op } from "../op.ts";
import { type Domain, type Sample, sample } from "../samples.ts";
import { formatShape, sameShape, show } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { abs, add, div, mul, neg, square, sub } from "./arithmetic.ts";
import { equal, lessEqual } from "./comparison.ts";
import { exp, log } from "./exponential.ts";
import { mean, sum } from "./reduce.ts";
import { logSigmoid } from "./saturating.ts";
import { where } from "./where.ts";

/** How the losses of single elements become the result: their mean, their sum, or as they are. */
export type Reduction = "mean" | "sum" | "none";

/** Params that every loss has. */
export interface LossParams {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

/** Applies a reduction. @throws ArgumentError for one that does not exist. */
export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(reduction, ["mean", "sum", "none"]);
  return reduction === "mean" ? mean(losses) : reduction === "sum" ? sum(losses) : losses;
}

function checkReduction(reduction: string, known: readonly string[]): void {
  if (!known.includes(reduction)) {
    throw new ArgumentError(`reduction must be one of ${known.map(show).join(", ")}, got ${show(reduction)}`);
  }
}

/** Losses never broadcast: [n] against [n, 1] would silently compare all pairs. */
function checkSameShape(x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `prediction ${formatShape(x.shape)} and target ${formatShape(target.shape)} differ; reshape one of them`,
  );
}

const REDUCTIONS: readonly LossParams[] = [
  { reduction: "mean" },
  { reduction: "sum" },
  { reduction: "none" },
];

/** Samples of a loss of two tensors of one shape. */
function pairSamples<P>(first: Domain, second: Domain, extra: object = {}): Sample<P>[] {
  const shapes = [[], [1], [3], [2, 3]];
  const pair = (shape: readonly number[], params: object): Sample<P> => ({
    inputs: [
      { shape, ...first },
      { shape, ...second },
    ],
    params: { ...params, ...extra } as P,
  });
  return [
    ...shapes.flatMap((shape) => REDUCTIONS.map((params) => pair(shape, params))),
    pair([0], { reduction: "sum" }),
    pair([2, 0], { reduction: "none" }),
  ];
}

const pairErrors: readonly (Sample<LossParams> & { readonly message: RegExp })[] = [
  { inputs: [{ shape: [3] }, { shape: [3, 1] }], message: /prediction \[3\] and target \[3,1\] differ/ },
  {
    inputs: [{ shape: [3] }, { shape: [3] }],
    params: { reduction: "average" } as unknown as LossParams,
    message: /reduction must be one of "mean", "sum", "none", got "average"/,
  },
];

/**
 * Squared error, (x − target)².  Shapes: x and target equal → [] or, with reduction "none", their shape.
 *
 * @example mse(tensor([1, 2]), tensor([1, 4])); // 2
 */
export const mse: Op<[x: Tensor, target: Tensor], LossParams> = deriveOp<
  [x: Tensor, target: Tensor],
  LossParams
>({
  name: "mse",
  formula: "loss = (x − target)²",
  arity: 2,
  compute: ([x, target], { reduction }) => {
    checkSameShape(x, target);
    return reduceLoss(square(sub(x, target)), reduction);
  },
  defaults: { reduction: "mean" },
  samples: pairSamples({}, {}),
  errors: pairErrors,
});

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
  defaults: { reduction: "mean" },
  samples: pairSamples({ low: 0.1 }, { high: -0.1 }),
  errors: pairErrors,
});

/** Params of {@link huber}. */
export interface HuberParams extends LossParams {
  /** Where the parabola becomes a line. Default 1. */
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
    if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
      throw new ArgumentError(`delta must be finite and above 0, got ${show(delta)}`);
    }
    const distance = abs(sub(x, target));
    const parabola = mul(0.5, square(distance));
    const line = mul(delta, sub(distance, 0.5 * delta));
    return reduceLoss(where(lessEqual(distance, delta), parabola, line), reduction);
  },
  defaults: { delta: 1, reduction: "mean" },
  samples: [
    ...pairSamples<HuberParams>({ low: 0.1, high: 0.4 }, { low: -0.4, high: -0.1 }),
    ...pairSamples<HuberParams>({ low: 1, high: 2 }, { low: -2, high: 0 }, { delta: 0.7 }),
  ],
  errors: [
    ...pairErrors,
    {
      inputs: [{ shape: [3] }, { shape: [3] }],
      params: { delta: 0 },
      message: /delta must be finite and above 0, got 0/,
    },
  ],
});

/** Params of {@link bceWithLogits}. */
export interface BceParams extends LossParams {
  /** Weight of the positive class: one number, or one per entry of the last axis. Default 1. */
  readonly positiveWeight?: number | readonly number[];
}

/**
 * Binary cross entropy of σ(logits): −w·target·ln σ(logits) − (1 − target)·ln σ(−logits).
 *
 * Shapes: logits and target equal → [] or their shape. Both terms are kept apart, so the loss of a confident right answer
 * is as accurate as that of a wrong one (at a logit of 40 it is 4.2e-18, not 0).
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
    const weight = tensor(positiveWeight);
    const fits = weight.rank === 0 || weight.size === logits.shape.at(-1);
    if (!fits || !weight.data.every((w) => w >= 0 && w < Number.POSITIVE_INFINITY)) {
      throw new ArgumentError(
        `positiveWeight must be finite, ≥ 0 and one number or one per column, got ${show(positiveWeight)}`,
      );
    }
    const positive = mul(mul(weight, target), logSigmoid(logits));
    const negative = mul(sub(1, target), logSigmoid(neg(logits)));
    return reduceLoss(neg(add(positive, negative)), reduction);
  },
  defaults: { positiveWeight: 1, reduction: "mean" },
  samples: [
    ...pairSamples<BceParams>({}, { low: 0, high: 1 }),
    ...pairSamples<BceParams>({}, { low: 0, high: 1 }, { positiveWeight: 2.5 }),
    sample(
      [
        [2, 3],
        [2, 3],
      ],
      { positiveWeight: [1, 2, 3] },
    ),
  ],
  errors: [
    ...pairErrors,
    {
      inputs: [{ shape: [3] }, { shape: [3] }],
      params: { positiveWeight: -1 },
      message: /positiveWeight must be finite, ≥ 0/,
    },
    {
      inputs: [{ shape: [3] }, { shape: [3] }],
      params: { positiveWeight: [1, 2] },
      message: /one per column, got \[1,2\]/,
    },
  ],
});

/** Params of {@link klDiv}. */
export interface KlDivParams {
  /** Whether the target holds logarithms too. Default false. */
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
    checkReduction(reduction, ["mean", "batchMean", "sum", "none"]);
    const losses = logTarget ? mul(exp(target), sub(target, x)) : sub(timesLog(target), mul(target, x));
    if (reduction !== "batchMean") return reduceLoss(losses, reduction);
    if (x.rank === 0) throw new ShapeError("a scalar has no batch axis to take the mean over");
    return div(sum(losses), x.shape[0]);
  },
  defaults: { logTarget: false, reduction: "mean" },
  samples: [
    ...pairSamples<KlDivParams>({ high: 0 }, { low: 0.1, high: 1 }, { logTarget: false }),
    ...pairSamples<KlDivParams>({ high: 0 }, { high: 0 }, { logTarget: true }),
    sample(
      [
        [2, 3],
        [2, 3],
      ],
      { reduction: "batchMean" },
      { low: 0.1, high: 1 },
    ),
  ],
  errors: [
    { inputs: [{ shape: [3] }, { shape: [1] }], message: /prediction \[3\] and target \[1\] differ/ },
    { inputs: [{ shape: [] }, { shape: [] }], params: { reduction: "batchMean" }, message: /no batch axis/ },
  ],
});

/** t·ln t, and 0 at t = 0. The 1 put in there keeps the −∞ of ln 0 out of the gradient. */
function timesLog(t: Tensor): Tensor {
  const zero = equal(t, 0);
  return where(zero, 0, mul(t, log(where(zero, 1, t))));
}
