import { ArgumentError, noMore, ranges, resolveOptions } from "@gradus/core";
import type { AnyDataset } from "./any-dataset.ts";
import { affine } from "./described-transforms.ts";
import { type Measured, measuredSamples, perRange } from "./measured.ts";
import type { Samples } from "./samples.ts";
import { type DescribedTransform, type DescriptionOf, refuseUncalled } from "./transforms.ts";

/** Options of {@link standardize}. */
export interface StandardizeOptions extends Measured {
  /** Added to the variance, in squared units of the data; limits the scale of features that hardly vary. Default 0. */
  readonly epsilon?: number;
}

/**
 * The transform that gives a dataset mean 0 and standard deviation 1:
 *
 * out = (x − mean) / √(variance + epsilon)
 *
 * with the mean and the variance (the sum of squares divided by n) of the stored values. A feature that is constant in
 * this dataset up to rounding, like the corner pixels of MNIST or 0.1 + 0.2 beside 0.3, becomes 0 in every dataset, never
 * NaN. As in scikit-learn it is constant if variance ≤ n·ε·variance + (n·ε·mean)², where ε = 2⁻⁵²; also if the deviation is
 * below 2.2e-308, where numbers are only multiples of 5e-324.
 *
 * Measure the training set and use the result for every set. The data are read twice, for the mean and then for the
 * variance around it, without a copy. Sums run in sample order; the mean is x₀ + Σ(x − x₀)/n with the first sample x₀.
 *
 * With `of: "targets"` it is a `targetTransform`; its `inverse`, y/scale + mean, gives predictions in the units of the data.
 *
 * `description` holds mean and scale = 1/√(variance + epsilon), 0 for constants, as plain arrays.
 *
 * @param dataset the raw data, without a transform.
 * @param options `per` defaults to `"feature"`, `of` to `"inputs"`, `epsilon` to 0.
 * @throws ArgumentError if the dataset is empty or has a transform, for a bad option, for targets that are class indices, or
 * if the variance overflows.
 * @example
 * const transform = standardize(train);
 * const [fitOn, testOn] = [train.with({ transform }), test.with({ transform })];
 */
export function standardize(
  dataset: AnyDataset,
  options: StandardizeOptions = {},
  ...extra: readonly undefined[]
): DescribedTransform<DescriptionOf<"standardize">> {
  refuseUncalled("standardize", dataset, "standardize(dataset)");
  noMore("standardize", "dataset, options", extra);
  const { epsilon, ...measured } = resolveOptions<
    Required<Omit<StandardizeOptions, "input">> & Pick<StandardizeOptions, "input">
  >(
    "standardize",
    options,
    { per: "feature", of: "inputs", epsilon: 0 },
    {
      per: perRange,
      of: ranges.oneOf("inputs", "targets"),
      input: ranges.optional(ranges.text),
      epsilon: ranges.nonNegative,
    },
  );
  const { samples, features } = measuredSamples(dataset, measured, "standardize");
  const count = (samples.count * samples.size) / features;
  const start = samples.offset(0);
  const first = Float64Array.from(samples.data.subarray(start, start + features));
  const mean = deviations(samples, first).sum.map((sum, j) => first[j] + sum / count);
  const { squares, largest } = deviations(samples, mean);
  // Squares that underflow are added again for deviations in units of the largest one.
  const units = largest.map((d, j) => (squares[j] < TINY && d > 0 ? d : 1));
  const parts = units.every((unit) => unit === 1) ? squares : deviations(samples, mean, units).squares;
  const factor = mean.map((centre, j) => {
    const variance = squares[j] / count;
    if (!Number.isFinite(variance)) {
      throw new ArgumentError(
        `standardize: the variance of feature ${j} overflows. Scale the data down first`,
      );
    }
    const inUnits = parts[j] / count;
    if (isRounding(units[j] * Math.sqrt(inUnits), centre, count)) return 0;
    if (variance + epsilon >= TINY) return 1 / Math.sqrt(variance + epsilon);
    return 1 / (units[j] * Math.sqrt(inUnits + epsilon / units[j] / units[j]));
  });
  return affine({
    kind: "standardize",
    mean: Array.from(mean),
    scale: Array.from(factor),
    ...(measured.per === "column" && { per: "column" as const }),
  });
}

/** Below this a sum of squares may have lost digits to underflow. */
const TINY = 1e-280;

/** 2⁻¹⁰²². */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/**
 * Whether a deviation is only rounding of the mean: variance ≤ n·ε·variance + (n·ε·mean)² with ε = 2⁻⁵² (scikit-learn,
 * `_is_constant_feature` of StandardScaler), as a comparison of roots, which do not underflow.
 */
function isRounding(deviation: number, mean: number, count: number): boolean {
  const relative = count * Number.EPSILON;
  if (deviation < SMALLEST_NORMAL) return true;
  return deviation * Math.sqrt(Math.max(0, 1 - relative)) <= relative * Math.abs(mean);
}

/**
 * Σd, Σd² and the largest |d| of each feature, with d = (x − centre)/unit. With one of the values as centre, a constant
 * feature has Σd exactly 0, so its mean is exactly its value and its variance exactly 0.
 */
function deviations(
  samples: Samples,
  centre: Float64Array,
  units?: Float64Array,
): { sum: Float64Array; squares: Float64Array; largest: Float64Array } {
  const { data, size, count } = samples;
  const features = centre.length;
  const [sum, squares, largest] = [0, 0, 0].map(() => new Float64Array(features));
  for (let i = 0; i < count; i++) {
    const start = samples.offset(i);
    for (let k = 0; k < size; k++) {
      const j = k % features;
      const d = (data[start + k] - centre[j]) / (units?.[j] ?? 1);
      sum[j] += d;
      squares[j] += d * d;
      largest[j] = Math.max(largest[j], Math.abs(d));
    }
  }
  return { sum, squares, largest };
}
