import type { Tensor } from "@gradus/core";
import type { Dense } from "@gradus/nn";
import type { Moments, WeightMoments } from "../moments/net-input.ts";

/** The variances and the covariance (`both`) of a mean and a variance. @internal */
export interface Covariance {
  readonly mean: number;
  readonly both: number;
  readonly variance: number;
}

/** The moments of the output of a layer for a batch. @internal */
export interface Measured extends Moments {
  readonly units: number;
  /**
   * The covariance, from unit to unit, of the means and variances of single units over the batch, relative to the root
   * mean square and variance of the layer. Null for one unit, no variance, or an overflow.
   */
  readonly scatter: Covariance | null;
}

/** Mean and variance of all numbers of x [..., units]. The variance is divided by the count n, not by n − 1. @internal */
export function measure(x: Tensor): Measured {
  const units = x.shape[x.rank - 1];
  const rows = x.size / units;
  const means = columnSums(x, units, (value) => value).map((sum) => sum / rows);
  const mean = average(means);
  const variances = columnSums(x, units, (value) => (value - mean) * (value - mean)).map((sum) => sum / rows);
  const variance = average(variances);
  return { mean, variance, units, scatter: scatterOf(means, variances, mean, variance) };
}

/** The distance from (0, 1). @internal */
export function distanceOf({ mean, variance }: Moments): number {
  return Math.sqrt(mean * mean + (variance - 1) * (variance - 1));
}

function columnSums({ data }: Tensor, units: number, term: (value: number) => number): Float64Array {
  const sums = new Float64Array(units);
  for (let start = 0; start < data.length; start += units) {
    for (let j = 0; j < units; j++) sums[j] += term(data[start + j]);
  }
  return sums;
}

function scatterOf(
  means: Float64Array,
  variances: Float64Array,
  mean: number,
  variance: number,
): Covariance | null {
  const units = means.length;
  const size = Math.sqrt(variance + mean * mean);
  if (units < 2 || !(variance > 0) || !(size < Number.POSITIVE_INFINITY)) return null;
  const sum = { mean: 0, both: 0, variance: 0 };
  for (let j = 0; j < units; j++) {
    const a = (means[j] - mean) / size;
    const b = variances[j] / variance - 1;
    sum.mean += a * a;
    sum.both += a * b;
    sum.variance += b * b;
  }
  return {
    mean: sum.mean / (units - 1),
    both: sum.both / (units - 1),
    variance: sum.variance / (units - 1),
  };
}

/** The moments of a group of similar samples. @internal */
export interface Stratum extends Moments {
  /** Number of samples. */
  readonly count: number;
}

/** With so many strata, averages over them agree with those over the samples to four digits or more. */
const STRATA = 32;

/**
 * The moments of the rows of x [..., units]. More than 32 rows are grouped by the size of their numbers, so that the
 * theory is computed once per group.
 *
 * @internal
 */
export function strataOf(x: Tensor): Stratum[] {
  const units = x.shape[x.rank - 1];
  const rows = Array.from({ length: x.size / units }, (_, i) => {
    const row = x.data.subarray(i * units, (i + 1) * units);
    return { mean: average(row), size: average(row, (value) => value * value) };
  }).sort((a, b) => a.size - b.size);
  const groups = Math.min(STRATA, rows.length);
  return Array.from({ length: groups }, (_, i) => {
    const alike = rows.slice(
      Math.floor((i * rows.length) / groups),
      Math.floor(((i + 1) * rows.length) / groups),
    );
    const mean = average(alike.map((row) => row.mean));
    const size = average(alike.map((row) => row.size));
    return { mean, variance: Math.max(0, size - mean * mean), count: alike.length };
  });
}

/** The moments of the weights of a Dense layer. @internal */
export interface MeasuredWeights extends WeightMoments {
  /** The number of inputs times the variance of a weight. */
  readonly variance: number;
  /** Standard errors of `sum` and `squareSum` for independent weights. */
  readonly sumError: number;
  readonly squareSumError: number;
  /** The largest magnitude. */
  readonly largest: number;
  readonly bias: Moments;
}

/** `sum` is Σw, `squareSum` Σw² over the inputs of a unit, both averaged over the units. @internal */
export function weightsOf({ weight, bias, inputSize }: Dense): MeasuredWeights {
  const { data, size } = weight;
  const mean = average(data);
  const square = average(data, (value) => value * value);
  const variance = average(data, (value) => (value - mean) * (value - mean));
  const squareVariance = average(data, (value) => (value * value - square) * (value * value - square));
  const biasMean = bias === null ? 0 : average(bias.data);
  return {
    sum: inputSize * mean,
    squareSum: inputSize * square,
    variance: inputSize * variance,
    sumError: inputSize * Math.sqrt(variance / size),
    squareSumError: inputSize * Math.sqrt(squareVariance / size),
    largest: data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    bias: {
      mean: biasMean,
      variance: bias === null ? 0 : average(bias.data, (value) => (value - biasMean) * (value - biasMean)),
    },
  };
}

/** @internal */
export function average(
  values: ArrayLike<number>,
  term: (value: number) => number = (value) => value,
): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]);
  return sum / values.length;
}
