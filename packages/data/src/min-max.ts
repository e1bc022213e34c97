import { ArgumentError, noMore, type Range, ranges, resolveOptions } from "@gradus/core";
import type { AnyDataset } from "./any-dataset.ts";
import { betweenBounds } from "./described-transforms.ts";
import { type Measured, measuredSamples, perRange } from "./measured.ts";
import { type DescribedTransform, type DescriptionOf, refuseUncalled } from "./transforms.ts";

/** Options of {@link minMax}. */
export interface MinMaxOptions extends Measured {
  /** The smallest and the largest result. Default [0, 1], as scikit-learn's `MinMaxScaler`. */
  readonly range?: readonly [low: number, high: number];
}

/** Spans up to this many times the rounding of the values are taken for rounding: the feature counts as constant. */
const ROUNDING = 8 * Number.EPSILON;

const increasing: Range = {
  says: "must be two finite numbers [low, high] with low < high",
  admits: (pair) =>
    Array.isArray(pair) && pair.length === 2 && ranges.interval.admits(pair) && pair[0] < pair[1],
};

/**
 * The transform that brings the numbers of a dataset into a range:
 *
 * out = low + (x − min)/(max − min)·(high − low)
 *
 * with the least and the largest of the stored values. The least becomes exactly `low`. Other datasets may go beyond the
 * range; nothing is clipped. A feature that is constant here, up to rounding, becomes `low` in every dataset (scikit-learn
 * leaves it unscaled elsewhere).
 *
 * Measure the training set and use the result for every set. `inverse` gives the values back: for predictions, with
 * `of: "targets"`.
 *
 * @param dataset the raw data, without a transform.
 * @param options `per`: `"feature"` (default), `"column"` or `"all"`, as in `standardize`; `of`: `"inputs"` (default) or
 * `"targets"`; `range` defaults to [0, 1].
 * @throws ArgumentError if the dataset is empty or has a transform, for a bad option, for targets that are class indices, or
 * if max − min overflows.
 * @example
 * const transform = minMax(train);
 * const [fitOn, testOn] = [train.with({ transform }), test.with({ transform })];
 */
export function minMax(
  dataset: AnyDataset,
  options: MinMaxOptions = {},
  ...extra: readonly undefined[]
): DescribedTransform<DescriptionOf<"minMax">> {
  refuseUncalled("minMax", dataset, "minMax(dataset)");
  noMore("minMax", "dataset, options", extra);
  const { range, ...measured } = resolveOptions<
    Required<Omit<MinMaxOptions, "input">> & Pick<MinMaxOptions, "input">
  >(
    "minMax",
    options,
    { per: "feature", of: "inputs", range: [0, 1] },
    {
      per: perRange,
      of: ranges.oneOf("inputs", "targets"),
      input: ranges.optional(ranges.text),
      range: increasing,
    },
  );
  const { samples, features } = measuredSamples(dataset, measured, "minMax");
  const { data, size, count } = samples;
  const min = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(features).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < count; i++) {
    const start = samples.offset(i);
    for (let k = 0; k < size; k++) {
      const j = k % features;
      const x = data[start + k];
      if (x < min[j]) min[j] = x;
      if (x > max[j]) max[j] = x;
    }
  }
  for (let j = 0; j < features; j++) {
    const span = max[j] - min[j];
    if (!Number.isFinite(span)) {
      throw new ArgumentError(`minMax: max − min of feature ${j} overflows. Scale the data down first`);
    }
    if (span <= ROUNDING * Math.max(Math.abs(min[j]), Math.abs(max[j]))) max[j] = min[j];
  }
  return betweenBounds({
    kind: "minMax",
    min: Array.from(min),
    max: Array.from(max),
    range: [range[0], range[1]],
    ...(measured.per === "column" && { per: "column" as const }),
  });
}
