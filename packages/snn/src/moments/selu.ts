import { ArgumentError, check, math, noMore, ranges, SELU_ALPHA, SELU_LAMBDA } from "@gradus/core";
import { type Halves, halves } from "./halves.ts";
import { anObject, type Moments, NORMALIZED, netInput, type WeightMoments } from "./net-input.ts";

/** α and λ of a SELU: λz for z > 0, λα(eᶻ − 1) for z ≤ 0. */
export interface SeluParameters {
  readonly alpha: number;
  readonly lambda: number;
}

/** The standard α and λ, for the fixed point (0, 1). Klambauer et al. 2017, eq. 14. */
const SELU: SeluParameters = { alpha: SELU_ALPHA, lambda: SELU_LAMBDA };

/**
 * The map g of "Self-Normalizing Neural Networks": mean and variance of the activation of a SELU unit, from those of its
 * inputs. With m = μω, v = ντ, σ = √v, z ~ N(m, v) and f = selu,
 *
 *     E f(z)  = λ/2 · ( m·erf(m/√(2v)) + m + G + α·(E₁ − P) )
 *     E f(z)² = λ²/2 · ( (m² + v)·(2 − P) + m·G + α²·(E₂ − 2E₁ + P) )
 *
 *     P = erfc(m/√(2v)),  G = √(2/π)·σ·e^(−m²/2v),  Eₖ = e^(km + k²v/2)·erfc((m + kv)/√(2v))
 *
 * and the variance is E f² − (E f)². Klambauer et al. 2017, eqs. 4 and 5. To avoid the subtraction, it is computed as the
 * variance within the halves z > 0 and z ≤ 0 plus the variance between their means.
 *
 * Exact for normal z; for many inputs and no dominant weight z is nearly normal. Variance 0 gives { mean: selu(m),
 * variance: 0 }.
 *
 * Largest errors measured: of the mean 4e-16 of √(E f²), of the variance 1e-13 of itself, for m < −9σ up to 2e-10.
 *
 * @param input μ and ν, mean and variance of the inputs.
 * @param weights ω and τ. Default { sum: 0, squareSum: 1 }, normalized weights.
 * @param parameters α and λ, finite. Default: the standard ones, with the fixed point (0, 1).
 * @throws ArgumentError for numbers that are not finite, or a negative variance or square sum.
 * @example seluMoments({ mean: 0.1, variance: 1.5 }); // { mean: 0.044983438, variance: 1.371531 }
 */
export function seluMoments(
  input: Moments,
  weights: WeightMoments = NORMALIZED,
  parameters: SeluParameters = SELU,
  ...extra: readonly undefined[]
): Moments {
  noMore("seluMoments", "input, weights, parameters", extra);
  const { mean: m, variance: v } = netInput("seluMoments", input, weights);
  checkParameters("seluMoments", parameters);
  const { alpha, lambda } = parameters;
  if (v === 0) return { mean: lambda * (m > 0 ? m : alpha * math.expm1(m)), variance: 0 };
  const z = halves(m, v);
  const { left, right } = z;
  const within = right.spread + alpha * alpha * left.spread;
  const between = left.probability * right.probability * gap(z, alpha) * gap(z, alpha);
  return {
    mean: lambda * (right.first + alpha * left.first),
    variance: lambda * lambda * (within + between),
  };
}

/** E[f/λ | z > 0] − E[f/λ | z ≤ 0]; 0 if one half has probability 0. */
function gap({ left, right }: Halves, alpha: number): number {
  if (left.probability === 0 || right.probability === 0) return 0;
  return right.first / right.probability - (alpha * left.first) / left.probability;
}

/**
 * The Jacobian of {@link seluMoments}, by the input's mean μ and variance ν:
 *
 *     [ ∂mean/∂μ      ∂mean/∂ν     ]
 *     [ ∂variance/∂μ  ∂variance/∂ν ]
 *
 * Follows from ∂E f/∂m = E f′ and ∂E f/∂v = ½ E f″ for normal z, with f″ at the kink λ(1 − α) times a Dirac. The
 * largest singular value is below 1 on the domain of theorem 1: there g contracts, and its fixed point attracts.
 * Klambauer et al. 2017, theorem 1 ("Stable and Attracting Fixed Points").
 *
 * Largest error measured for m ≥ −9σ: 5e-15 of the largest entry.
 *
 * @param input μ and ν, with ντ > 0: at 0 the mean has no derivative by ν.
 * @param weights ω and τ. Default { sum: 0, squareSum: 1 }.
 * @param parameters α and λ, finite. Default: the standard ones.
 * @throws ArgumentError as {@link seluMoments}, and for ντ = 0.
 * @example seluJacobian({ mean: 0, variance: 1 }); // [[0, 0.0888347551], [0, 0.7826478832]]
 */
export function seluJacobian(
  input: Moments,
  weights: WeightMoments = NORMALIZED,
  parameters: SeluParameters = SELU,
  ...extra: readonly undefined[]
): readonly [readonly [number, number], readonly [number, number]] {
  noMore("seluJacobian", "input, weights, parameters", extra);
  const { mean: m, variance: v } = netInput("seluJacobian", input, weights);
  checkParameters("seluJacobian", parameters);
  if (v === 0) {
    throw new ArgumentError(
      `seluJacobian: variance · squareSum must be > 0, got ${input.variance} · ${weights.squareSum}; ` +
        "take a small one",
    );
  }
  const { alpha, lambda } = parameters;
  const z = halves(m, v);
  const { left, right } = z;
  const [p, q] = [right.probability, left.probability];
  // E[eᶻ | z ≤ 0], the differences of f and f′ between the halves, and the weight of the Dirac, all without λ.
  const exponential = q > 0 ? left.exponential / q : 0;
  const difference = gap(z, alpha);
  const slopeDifference = 1 - alpha * exponential;
  const kink = ((1 - alpha) * z.phi) / Math.sqrt(v);
  const mean = right.first + alpha * left.first;
  // ∂ Var f/∂m = 2 Cov(f, f′) and ∂ Var f/∂v = E f′² + Cov(f, f″).
  const byMean = 2 * (alpha * alpha * left.spread + p * q * difference * slopeDifference);
  const byVariance =
    p +
    alpha * alpha * (2 * left.spread + exponential * left.exponential) -
    alpha * left.exponential * p * difference -
    mean * kink;
  const { sum, squareSum } = weights;
  return [
    [
      lambda * (p + alpha * left.exponential) * sum,
      0.5 * lambda * (alpha * left.exponential + kink) * squareSum,
    ],
    [lambda * lambda * byMean * sum, lambda * lambda * byVariance * squareSum],
  ];
}

function checkParameters(who: string, parameters: SeluParameters): void {
  check(who, "parameters", parameters, anObject("{ alpha, lambda }"));
  check(who, "parameters.alpha", parameters.alpha, ranges.finite);
  check(who, "parameters.lambda", parameters.lambda, ranges.finite);
}
