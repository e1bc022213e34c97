import { ArgumentError, type Range, ranges, show } from "@gradus/core";
import { type AnyDataset, partsOf } from "./any-dataset.ts";
import { Dataset } from "./dataset.ts";

import type { Samples } from "./samples.ts";

/** The numbers of a dataset that a transform is measured on. */
export interface Measured {
  /**
   * `"feature"`: each number of a sample by itself (each pixel, each column of a table); `"column"`: each position along the
   * last axis, over all rows of a sample (each series of `windows`); `"all"`: all numbers together. Default: `"feature"`.
   */
  readonly per?: "feature" | "column" | "all";
  /** Measures the inputs or the targets. Default: `"inputs"`. */
  readonly of?: "inputs" | "targets";
  /** The name of the input to measure, of a dataset with several. Not with `of: "targets"`. */
  readonly input?: string | undefined;
}

/** @internal */
export const perRange: Range = ranges.oneOf("feature", "column", "all");

/**
 * The stored samples to measure, and the number of features. Throws if there are none, if they have a transform, or if they
 * are classes. @internal
 */
export function measuredSamples(
  dataset: AnyDataset,
  { of, per, input }: Required<Omit<Measured, "input">> & Pick<Measured, "input">,
  who: string,
): { samples: Samples; features: number } {
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(`${who}: needs a Dataset of @gradus/data, got ${show(dataset)}`);
  }
  const { stored, common } = partsOf(dataset);
  const targets = of === "targets";
  if (targets && input !== undefined)
    throw new ArgumentError(`${who}: of: "targets" has no input, got ${show(input)}`);
  const samples = targets ? stored.targets : stored.inputs.of(input, who);
  if ((targets ? common.targetTransform : common.transforms.of(input, who)) !== undefined) {
    const name = targets ? "targetTransform" : "transform";
    const raw = input === undefined ? "undefined" : `{ ${input}: undefined }`;
    throw new ArgumentError(
      `${who}: this dataset already has a ${name}. Measure the raw one: dataset.with({ ${name}: ${raw} })`,
    );
  }
  if (targets && common.classes !== undefined) {
    throw new ArgumentError(`${who}: the targets are class indices, which have no scale`);
  }
  if (samples.count === 0) throw new ArgumentError(`${who}: the dataset is empty`);
  const along = { feature: samples.size, column: samples.shape.at(-1) ?? 1, all: 1 };
  return { samples, features: along[per] };
}
