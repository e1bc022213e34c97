import { math } from "@gradus/core";
import type { Moments } from "../moments/net-input.ts";
import { seluJacobian, seluMoments } from "../moments/selu.ts";
import type { Covariance, Measured, Stratum } from "./measure.ts";
import type { StageKind } from "./stages.ts";

/** The moments of independent weights and biases. @internal */
export interface DrawnWeights {
  /** ω: fan_in times the mean of a weight. */
  readonly sum: number;
  /** fan_in times the variance of a weight: τ, where ω is 0. */
  readonly variance: number;
  readonly bias: Moments;
}

/** The initial weights of a self-normalizing net. @internal */
export const LECUN: DrawnWeights = { sum: 0, variance: 1, bias: { mean: 0, variance: 0 } };

/**
 * The moments of the activations of a layer over its units, from those of the layer below, for one sample.
 *
 * The paper's map g is for one unit over many samples: its ω and τ give sums of mean μω and variance ντ. Over the units of
 * a layer ω differs too: the sums Σwx with independent weights have the variance Var(w)·Σx², hence τ·(ν + μ²). So a mean
 * of the inputs becomes variance between the units. The rest is g.
 *
 * @internal
 */
export function nextLayer({ mean, variance }: Moments, weights: DrawnWeights, kind: StageKind): Moments {
  const sums = {
    mean: weights.sum * mean + weights.bias.mean,
    variance: weights.variance * (variance + mean * mean) + weights.bias.variance,
  };
  const finite = Math.abs(sums.mean) + sums.variance < Number.POSITIVE_INFINITY;
  return kind === "selu" && finite ? seluMoments(sums, { sum: 1, squareSum: 1 }) : sums;
}

/** Mean and variance over all samples. @internal */
export function pooled(samples: readonly Stratum[]): Moments {
  let [count, sum] = [0, 0];
  for (const stratum of samples) {
    count += stratum.count;
    sum += stratum.count * stratum.mean;
  }
  const mean = sum / count;
  let squares = 0;
  for (const stratum of samples) {
    squares += stratum.count * (stratum.variance + (stratum.mean - mean) * (stratum.mean - mean));
  }
  return { mean, variance: squares / count };
}

/** The 97.5 % point of the normal distribution. */
const NORMAL = 1.959963984540054;

/**
 * The covariance of the mean and the variance of a layer with LeCun weights around the theory:
 *
 *     C' = K·C·Kᵀ + S/n
 *
 * K·C·Kᵀ: the deviation of the layer below, times the slope of g. The slope is below 1, so errors do not grow with depth.
 *
 * S/n: all samples of the batch share the weights, so a layer of n units is n independent draws, not n times the batch. A
 * draw is the mean and variance of a unit over the batch; S is their covariance from unit to unit. It is measured at this
 * layer, because it depends on how alike the samples are, but relative to the scale of the layer, so that a layer whose
 * variance has vanished does not get a narrow band. For few units S is uncertain: it is enlarged by Student's t
 * distribution, up to its value for equal samples.
 *
 * @param below C of the layer below; `input` are its moments in the theory.
 * @internal
 */
export function scatterAfter(
  below: Covariance,
  input: Moments,
  output: Moments,
  kind: StageKind,
  { scatter, units }: Measured,
): Covariance {
  const size = input.variance + input.mean * input.mean;
  const [onMean, onVariance] =
    kind === "selu" ? seluJacobian({ mean: 0, variance: size }).map((row) => row[1]) : [0, 1];
  // Both depend on the layer below only through ν + μ².
  const sizeVariance = 4 * input.mean * (input.mean * below.mean + below.both) + below.variance;
  const own = ownScatter(scatter, output, units);
  return {
    mean: onMean * onMean * sizeVariance + own.mean,
    both: onMean * onVariance * sizeVariance + own.both,
    variance: onVariance * onVariance * sizeVariance + own.variance,
  };
}

function ownScatter(scatter: Covariance | null, { mean, variance }: Moments, units: number): Covariance {
  const size = variance + mean * mean;
  // For one sample: the variance of z, and that of z² for a Gaussian z (SELU has slightly less).
  const most = { mean: size / units, variance: (2 * size * size) / units };
  if (scatter === null) return { ...most, both: 0 };
  const t = student(units - 1) / NORMAL;
  const factor = (t * t) / units;
  const own = {
    mean: factor * scatter.mean * size,
    variance: factor * scatter.variance * variance * variance,
  };
  const shares = {
    mean: Math.min(1, most.mean / own.mean),
    variance: Math.min(1, most.variance / own.variance),
  };
  return {
    mean: shares.mean * own.mean,
    both: Math.sqrt(shares.mean * shares.variance) * factor * scatter.both * Math.sqrt(size) * variance,
    variance: shares.variance * own.variance,
  };
}

/** The 97.5 % point of Student's t distribution, to 1 % from 6 degrees of freedom on (Abramowitz & Stegun 26.7.5). */
function student(freedom: number): number {
  const z = NORMAL;
  const cube = z * z * z;
  return z + (cube + z) / (4 * freedom) + (5 * cube * z * z + 16 * cube + 3 * z) / (96 * freedom * freedom);
}

/** The ranges that hold 95 % of the values. */
export interface Band {
  readonly mean: readonly [low: number, high: number];
  readonly variance: readonly [low: number, high: number];
}

/**
 * The band around the theory. For the variance, which is positive and has a longer tail above, it is symmetric in the
 * logarithm.
 *
 * @internal
 */
export function bandOf({ mean, variance }: Moments, scatter: Covariance): Band {
  const half = NORMAL * Math.sqrt(scatter.mean);
  const factor = math.exp((NORMAL * Math.sqrt(scatter.variance)) / variance);
  return { mean: [mean - half, mean + half], variance: [variance / factor, variance * factor] };
}

/** The limit of repeated g: moments, 0 ("vanishes") or infinity ("grows"). @internal */
export type Limit = Moments | "vanishes" | "grows";

/**
 * The limit of the moments for SELU layers with the same `squareSum` τ and ω = 0: of one unit over the samples, as in the
 * paper, or over all units of a layer (see {@link nextLayer}).
 *
 * @internal
 */
export function limitOf(squareSum: number, over: "samples" | "units"): Limit {
  let at: Moments = { mean: 0, variance: 1 };
  for (let i = 0; i < 10_000; i++) {
    const next =
      over === "samples"
        ? seluMoments(at, { sum: 0, squareSum })
        : nextLayer(at, { ...LECUN, variance: squareSum }, "selu");
    if (next.variance < 1e-6) return "vanishes";
    if (!(next.variance < 1e6)) return "grows";
    const step = Math.abs(next.mean - at.mean) + Math.abs(next.variance - at.variance);
    at = next;
    if (step < 1e-13 * at.variance) break;
  }
  return at;
}
