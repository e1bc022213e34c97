import { ArgumentError, noMore } from "@gradus/core";
import { halves } from "./halves.ts";
import { checkMoments, type Moments } from "./net-input.ts";
import { type SeluParameters, seluMoments } from "./selu.ts";

/**
 * The α and λ of the SELU that maps a net input of mean μ and variance ν to an activation of mean μ and variance ν: (μ, ν)
 * is a fixed point of `seluMoments` for weights of ω = 1 and τ = 1; for μ = 0 with any ω. For (0, 1) they are the
 * constants of SELU.
 *
 * With A₁ = E[eᶻ − 1; z ≤ 0], A₂ = E[(eᶻ − 1)²; z ≤ 0], B₁ = E[z; z > 0], B₂ = E[z²; z > 0] and z ~ N(μ, ν), the two
 * conditions are λ(B₁ + αA₁) = μ and λ²(B₂ + α²A₂) = μ² + ν. Divided by each other, with r = μ/√(μ² + ν),
 *
 *     B₁ + αA₁ = r·√(B₂ + α²A₂)
 *
 * Divided by the root, the left side falls with α from a positive number to one below r. So exactly one α > 0 solves the
 * equation, a root of a quadratic, and λ follows. Klambauer et al. 2017, eq. 14 for (0, 1) and appendix A5 for others.
 *
 * Every μ and ν > 0 has an α and λ, but not every such fixed point attracts (see `seluJacobian`) or is useful: for a mean
 * several standard deviations below 0, λ is huge and the variance comes from rare large values. Beyond 6 standard
 * deviations doubles may have too few digits; solutions are checked before they are returned.
 *
 * Largest error measured, for means up to 6 standard deviations from 0: 5e-14 for ν ≥ 0.01, 2e-12 down to ν = 1e-6.
 *
 * @param fixedPoint μ, and ν > 0.
 * @throws ArgumentError for numbers that are not finite, ν ≤ 0, or if no α and λ are found to 1e-9.
 * @example seluParameters({ mean: 0, variance: 1 }); // { alpha: 1.67326324235, lambda: 1.05070098736 }
 */
export function seluParameters(fixedPoint: Moments, ...extra: readonly undefined[]): SeluParameters {
  noMore("seluParameters", "fixedPoint", extra);
  checkMoments("seluParameters", "fixedPoint", fixedPoint);
  if (fixedPoint.variance === 0) {
    throw new ArgumentError("seluParameters: fixedPoint.variance must be > 0, got 0");
  }
  const found = solve(fixedPoint);
  if (!isSolution(found, fixedPoint)) {
    throw new ArgumentError(
      `seluParameters({ mean: ${fixedPoint.mean}, variance: ${fixedPoint.variance} }): found no alpha and lambda; ` +
        "take a mean nearer to 0 or a larger variance",
    );
  }
  return found;
}

/** Whether these moments are a fixed point of a SELU, to 1e-9. */
function isSolution(parameters: SeluParameters, fixedPoint: Moments): boolean {
  const { alpha, lambda } = parameters;
  if (!(alpha > 0 && lambda > 0 && Number.isFinite(alpha) && Number.isFinite(lambda))) return false;
  const { mean, variance } = seluMoments(fixedPoint, { sum: 1, squareSum: 1 }, parameters);
  const scale = Math.sqrt(fixedPoint.variance);
  return (
    Math.abs(mean - fixedPoint.mean) <= 1e-9 * Math.max(scale, Math.abs(fixedPoint.mean)) &&
    Math.abs(variance - fixedPoint.variance) <= 1e-9 * fixedPoint.variance
  );
}

function solve({ mean, variance }: Moments): SeluParameters {
  const s = Math.sqrt(variance);
  const { t, phi, left, right } = halves(mean, variance);
  const [p, q] = [right.probability, left.probability];
  // In standard deviations of z, which does not change α and λ but keeps squares in range: B₁ and B₂;
  const b1 = right.first / s;
  const b2 = right.spread / variance + b1 * (b1 / p);
  // mean, variance and mean square of eᶻ − 1 given z ≤ 0: −A₁/q, w and A₂/q.
  const a1 = -left.first / q / s;
  const w = left.spread / q / variance;
  const a2 = w + a1 * a1;
  const square = 1 + t * t;
  const r = t / Math.sqrt(square);
  let alpha: number;
  if (t < 0) {
    const a = a1 * a1 * (1 / square - p) - r * r * w;
    alpha = (a1 * b1 - r * Math.sqrt((a2 * b1 * b1 + b2 * a) / q)) / a;
  } else {
    // (B₁² − r²B₂)/q by the left half, by which alone B₁ and B₂ differ from E z and E z².
    const loss = -left.linear / s;
    const b = (loss * (2 * t + loss) + r * r * (square * q - t * phi)) / q;
    alpha = b / (a1 * b1 + r * Math.sqrt(a1 * a1 * b2 + a2 * b));
  }
  return { alpha, lambda: Math.sqrt(square / (b2 + alpha * alpha * q * a2)) };
}
