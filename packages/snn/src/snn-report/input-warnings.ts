import type { Tensor } from "@gradus/core";
import { format } from "./format.ts";
import { average, measure } from "./measure.ts";

/** Numbers more standard deviations than this from the mean are outliers, for any distribution. */
const OUTLIER = 10;

/**
 * Warnings about the input x [..., features] or [N, ...positions, channels] of a self-normalizing net: a mean or variance outside the domain of theorem
 * 1, and outliers.
 *
 * Chance deviations give no warning. The numbers of a sample may depend on each other, so the standard error is that of
 * the means of samples; but it is at least that of independent numbers, because few samples may differ little by chance.
 *
 * @param channels whether it is the input of a convolution.
 * @internal
 */
export function inputWarnings(x: Tensor, channels = false): string[] {
  const { mean, variance } = measure(x);
  const sampleSize = channels ? x.size / x.shape[0] : x.shape[x.rank - 1];
  const word = channels ? "channel" : "feature";
  const samples = Array.from({ length: x.size / sampleSize }, (_, i) => {
    const row = x.data.subarray(i * sampleSize, (i + 1) * sampleSize);
    return { mean: average(row), variance: average(row, (value) => (value - mean) * (value - mean)) };
  });
  const meanError = Math.max(standardError(samples.map((sample) => sample.mean)), standardError(x.data));
  const varianceError = Math.max(
    standardError(samples.map((sample) => sample.variance)),
    standardError(x.data.map((value) => (value - mean) * (value - mean))),
  );
  // The error of a variance is proportional to it: this is the error for a variance of 1, that of a standardised input.
  const relativeError = variance > 0 ? varianceError / variance : 0;
  const isOff = (value: number, low: number, high: number, error: number): boolean =>
    value < low - 3 * error || value > high + 3 * error;
  const warnings: string[] = [];
  if (isOff(mean, -0.1, 0.1, meanError) || isOff(variance, 0.8, 1.5, relativeError)) {
    warnings.push(
      `input: it has mean ${format(mean)} and variance ${format(variance)} instead of 0 and 1; the theory vouches for ` +
        `means of -0.1 to 0.1 and variances of 0.8 to 1.5. Standardise every ${word}.`,
    );
  }
  return [...warnings, ...outlierWarning(x, mean, Math.sqrt(variance), sampleSize, word)];
}

/** The standard error of the mean of independent values; of one value it is infinite. */
function standardError(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.POSITIVE_INFINITY;
  const mean = average(values);
  const variance = average(values, (value) => (value - mean) * (value - mean));
  return Math.sqrt(variance / (values.length - 1));
}

function outlierWarning(
  { data, shape }: Tensor,
  mean: number,
  std: number,
  sampleSize: number,
  word: string,
): string[] {
  const features = shape[shape.length - 1];
  const affected = new Set<number>();
  let worst = -1;
  let farthest = OUTLIER * std;
  data.forEach((value, i) => {
    const distance = Math.abs(value - mean);
    if (!(distance > OUTLIER * std)) return;
    affected.add(i % features);
    if (distance <= farthest) return;
    farthest = distance;
    worst = i;
  });
  if (worst < 0) return [];
  const others = affected.size === 1 ? `no other ${word}` : `${affected.size} ${word}s in all`;
  return [
    `input: ${word} ${worst % features} of sample ${Math.floor(worst / sampleSize)} is ${(farthest / std).toFixed(0)} standard ` +
      `deviations from the mean (${others} beyond ${OUTLIER}), which drowns the rest. Clip such ${word}s, or standardise ` +
      "with an epsilon that keeps those that hardly vary from being blown up.",
  ];
}
