import {
  ArgumentError,
  add,
  check,
  mul,
  type Op,
  type Range,
  randomStream,
  ranges,
  SELU_LAMBDA_ALPHA,
  type Shape,
  ShapeError,
  type Tensor,
  where,
} from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import type { DropoutParams } from "./dropout.ts";
import { bernoulliMask } from "./random.ts";

/** α′ = −λα, the limit of SELU for x → −∞: the value of a dropped unit. Klambauer et al. 2017, eq. 2 and eq. 14. */
export const ALPHA_PRIME: number = -SELU_LAMBDA_ALPHA;

/** Mean and variance of the units that alpha dropout keeps. */
export type FixedPoint = readonly [mean: number, variance: number];

/** The allowed values of a {@link FixedPoint}. */
export const meanAndVariance: Range = {
  says: "must be a finite mean and a variance > 0",
  admits: (value) =>
    Array.isArray(value) && value.length === 2 && Array.from(value).every(Number.isFinite) && value[1] > 0,
};

/** The affine map of alpha dropout. */
export interface AlphaDropoutCoefficients {
  /** Factor of a kept unit. */
  readonly a: number;
  /** Summand of a kept unit. */
  readonly b: number;
  /** Value of a dropped unit, a·α′ + b. */
  readonly dropped: number;
}

/**
 * The coefficients that restore mean μ and variance ν after units were set to α′ with probability p; with q = 1 − p
 *
 *     a = √( ν / (q·(p·(α′ − μ)² + ν)) ),   b = μ − a·(q·μ + p·α′)
 *
 * For (μ, ν) = (0, 1) these are a = (q + α′²·q·p)^(−1/2) and b = −a·p·α′. Klambauer et al. 2017, section "New
 * Dropout Technique".
 *
 * @param p probability that a unit is dropped, in [0, 1).
 * @param fixedPoint [μ, ν]. Default [0, 1].
 * @throws ArgumentError for p outside [0, 1), or a fixed point whose variance is not positive.
 * @example alphaDropoutCoefficients(0.1); // { a: 0.9213, b: 0.162, dropped: -1.4577 }
 */
export function alphaDropoutCoefficients(
  p: number,
  fixedPoint: FixedPoint = [0, 1],
): AlphaDropoutCoefficients {
  check("alphaDropoutCoefficients", "p", p, ranges.unit);
  if (p === 1)
    throw new ArgumentError("alphaDropoutCoefficients: p = 1 keeps nothing that could be restored");
  check("alphaDropoutCoefficients", "fixedPoint", fixedPoint, meanAndVariance);
  const [mu, nu] = fixedPoint;
  const q = 1 - p;
  const distance = ALPHA_PRIME - mu;
  const a = Math.sqrt(nu / (q * (p * distance * distance + nu)));
  const b = mu - a * (q * mu + p * ALPHA_PRIME);
  return { a, b, dropped: a * ALPHA_PRIME + b };
}

/** Params of {@link alphaDropout}. */
export interface AlphaDropoutParams extends DropoutParams {
  /** Mean and variance of the input, which are kept. Default [0, 1], those of a self-normalizing net. */
  readonly fixedPoint?: FixedPoint;
}

/**
 * Alpha dropout as in training: each unit becomes α′ = −λα with probability p; then a·x + b restores mean and variance.
 *
 * Units are selected, not multiplied by 0: a dropped unit that is infinite or NaN has no effect on values or gradients.
 * p = 0 returns x; p = 1, where no a exists, gives zeros.  Shapes: any.
 *
 * Klambauer et al. 2017, Self-Normalizing Neural Networks, section "New Dropout Technique".
 *
 * @throws ArgumentError for p outside [0, 1], or a fixed point whose variance is not positive.
 * @example alphaDropout(zeros([3]), { p: 0.1, rng }); // such as [0.162, -1.4577, 0.162]
 */
export const alphaDropout: Op<[x: Tensor], AlphaDropoutParams> = deriveOp<[x: Tensor], AlphaDropoutParams>({
  name: "alphaDropout",
  formula: "out = a·x + b where kept, else a·α′ + b",
  arity: 1,
  compute: ([x], params) => dropUnits(x, x.shape, params),
  ranges: { p: "unit", rng: randomStream, fixedPoint: meanAndVariance },
  defaults: { fixedPoint: [0, 1] },
  required: ["p", "rng"],
});

/**
 * {@link alphaDropout} of whole channels.  Shapes: [N, ..., C], with one draw for each of the N·C channels.
 *
 * @throws ShapeError for an input of fewer than two axes; else as {@link alphaDropout}.
 * @example featureAlphaDropout(zeros([8, 28, 28, 16]), { p: 0.1, rng });
 */
export const featureAlphaDropout: Op<[x: Tensor], AlphaDropoutParams> = deriveOp<
  [x: Tensor],
  AlphaDropoutParams
>({
  name: "featureAlphaDropout",
  formula: "out = a·x + b where the channel is kept, else a·α′ + b",
  arity: 1,
  compute: ([x], params) => {
    if (x.rank < 2) throw new ShapeError("needs an input [N, ..., C]");
    return dropUnits(x, [x.shape[0], ...x.shape.slice(1, -1).map(() => 1), x.shape[x.rank - 1]], params);
  },
  ranges: { p: "unit", rng: randomStream, fixedPoint: meanAndVariance },
  defaults: { fixedPoint: [0, 1] },
  required: ["p", "rng"],
});

function dropUnits(
  x: Tensor,
  maskShape: Shape,
  { p, rng, fixedPoint }: Required<AlphaDropoutParams>,
): Tensor {
  if (p === 0) return x;
  if (p === 1) return where(0, x, 0);
  const { a, b, dropped } = alphaDropoutCoefficients(p, fixedPoint);
  const kept = bernoulliMask({ shape: maskShape, probability: 1 - p, rng });
  return where(kept, add(mul(x, a), b), dropped);
}
