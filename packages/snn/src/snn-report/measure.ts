import type { Tensor } from "@gradus/core";
import type { Moments, WeightMoments } from "../moments/net-input.ts";
import { sizesOf, type WeightedLayer } from "./weighted.ts";

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

/**
 * Mean and variance of all numbers of x [..., units]. The variance is divided by the count n, not by n − 1.
 *
 * @param units default the last axis. Of a convolution its channels, also behind `Flatten`: positions share the weights.
 * @internal
 */
export function measure(x: Tensor, units: number = x.shape[x.rank - 1]): Measured {
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

/** Moments by sample and position. @internal */
export interface Field {
  /** [groups of samples, ...positions] */
  readonly shape: readonly number[];
  readonly strata: readonly Stratum[];
}

/** About so many strata at most, but at least 32 groups of samples. */
const POSITIONS = 16384;

/** The moments of x [N, ...positions, channels] over the channels. Many samples are grouped as by {@link strataOf}. @internal */
export function fieldOf(x: Tensor): Field {
  const [count, channels] = [x.shape[0], x.shape[x.rank - 1]];
  const positions = x.size / (count * channels);
  const groups = Math.min(count, Math.max(STRATA, Math.floor(POSITIONS / positions)));
  const samples = Array.from({ length: count }, (_, i) => {
    const data = x.data.subarray(i * positions * channels, (i + 1) * positions * channels);
    return { data, size: average(data, (value) => value * value) };
  }).sort((a, b) => a.size - b.size);
  const strata = Array.from({ length: groups }, (_, i) => {
    const alike = samples.slice(Math.floor((i * count) / groups), Math.floor(((i + 1) * count) / groups));
    return Array.from({ length: positions }, (_, at): Stratum => {
      const own = alike.map(({ data }) => data.subarray(at * channels, (at + 1) * channels));
      const mean = average(own.map((row) => average(row)));
      const size = average(own.map((row) => average(row, (value) => value * value)));
      return { mean, variance: Math.max(0, size - mean * mean), count: alike.length };
    });
  });
  return { shape: [groups, ...x.shape.slice(1, -1)], strata: strata.flat() };
}

/** The moments of the weights of a layer. @internal */
export interface MeasuredWeights extends WeightMoments {
  /** The number of terms of an output times the variance of a weight. */
  readonly variance: number;
  /** Standard errors of `sum` and `squareSum` for independent weights. */
  readonly sumError: number;
  readonly squareSumError: number;
  /** The number of weights. */
  readonly count: number;
  /** The largest magnitude. */
  readonly largest: number;
  readonly bias: Moments;
}

/** `sum` is Σw, `squareSum` Σw² over the terms of a unit (of a channel: over ky, kx, c), both averaged over the units. @internal */
export function weightsOf(layer: WeightedLayer): MeasuredWeights {
  const { weight, bias } = layer;
  const { terms } = sizesOf(layer);
  const { data, size } = weight;
  const mean = average(data);
  const square = average(data, (value) => value * value);
  const variance = average(data, (value) => (value - mean) * (value - mean));
  const squareVariance = average(data, (value) => (value * value - square) * (value * value - square));
  const biasMean = bias === null ? 0 : average(bias.data);
  return {
    sum: terms * mean,
    squareSum: terms * square,
    variance: terms * variance,
    sumError: terms * Math.sqrt(variance / size),
    squareSumError: terms * Math.sqrt(squareVariance / size),
    count: size,
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
