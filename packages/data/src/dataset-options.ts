import {
  ArgumentError,
  check,
  checkOptions,
  formatShape,
  type NestedNumbers,
  type Range,
  ranges,
  type Shape,
  ShapeError,
  type Tensor,
  type TypedArray,
} from "@gradus/core";
import { checkColumns, type InputColumn, ownColumns } from "./input-columns.ts";
import { checkIndices, checkLabels, Samples } from "./samples.ts";
import { Stored } from "./stored.ts";
import type { Transform } from "./transforms.ts";

/** Samples as two tensors, the input of a training step. */
export interface Batch {
  /** `[n, ...inputShape]`, transformed. */
  readonly inputs: Tensor;
  /** `[n, ...targetShape]`, transformed; class indices are `[n]`. */
  readonly targets: Tensor;
  /** `[n]`, the weight of each sample, if the dataset has weights. */
  readonly weights?: Tensor;
}

/** The options that `dataset.with` replaces. */
export interface DatasetChanges {
  /** Is applied to the inputs of each batch, not to the stored ones. Default: none. */
  readonly transform?: Transform | undefined;
  /** Is applied to the targets of each batch, not to the stored ones; class indices have none. Default: none. */
  readonly targetTransform?: Transform | undefined;
}

/** Options of a `Dataset`. */
export interface DatasetOptions extends DatasetChanges {
  /** The samples one after the other: a typed array (not copied), a tensor, or nested arrays of numbers. */
  readonly inputs: TypedArray | Tensor | NestedNumbers;
  /** The shape of *one* sample. Required for a typed array. Default: all axes but the first. */
  readonly inputShape?: Shape;
  /** The target of each sample, in the same forms. Classes are indices; core's `oneHot` expands them. */
  readonly targets: TypedArray | Tensor | NestedNumbers;
  /** The shape of *one* target. Default: `[]`, one number, for a typed array; else all axes but the first. */
  readonly targetShape?: Shape;
  /**
   * The weight of each sample, ≥ 0, in the same forms: `fit` and `evaluate` take Σ w·loss / Σ w. A sample of weight 0 does not
   * count. Metrics are not weighted. Default: none, all samples count the same.
   */
  readonly weights?: TypedArray | Tensor | NestedNumbers | undefined;
  /** The number of classes, if targets are class indices: all must then be 0 … classes − 1. */
  readonly classes?: number | undefined;
  /** The name of each class, `classes` different texts. Default: none. */
  readonly classNames?: readonly string[] | undefined;
  /** The names of the numbers of a sample, from which `dataset.preparation` encodes rows. Default: none. */
  readonly columns?: readonly InputColumn[] | undefined;
  /** The rows of the arrays that are the samples, in this order, repeats allowed. Default: all rows in order. */
  readonly rows?: ArrayLike<number> | undefined;
  /** Whether the samples overlap in time, as `windows` do: `split`, `shuffle` and `folds` are then refused. Default: false. */
  readonly ordered?: boolean | undefined;
}

const distinct: Range = {
  says: "must be a list of different texts",
  admits: (x) =>
    Array.isArray(x) && x.every((name) => typeof name === "string") && new Set(x).size === x.length,
};

const optionRanges: Readonly<Record<keyof DatasetOptions, Range | undefined>> = {
  inputs: undefined,
  inputShape: undefined,
  targets: undefined,
  targetShape: undefined,
  weights: undefined,
  transform: ranges.optional(ranges.callable),
  targetTransform: ranges.optional(ranges.callable),
  classes: undefined,
  classNames: ranges.optional(distinct),
  columns: undefined,
  rows: undefined,
  ordered: ranges.optional(ranges.flag),
};

/** The options that do not belong to single samples: parts of a dataset have the same. @internal */
export type CommonOptions = Omit<
  DatasetOptions,
  "inputs" | "inputShape" | "targets" | "targetShape" | "weights" | "rows"
>;

/** Checks all options but those that {@link storeSamples} checks. @internal */
export function checkCommon(options: DatasetOptions): CommonOptions {
  const given = checkOptions("Dataset", options, Object.keys(optionRanges));
  for (const [name, range] of Object.entries(optionRanges)) {
    if (range) check("Dataset", name, given[name], range);
  }
  const { transform, targetTransform, classes, classNames, columns, ordered } = given as CommonOptions;
  if (classNames !== undefined && classNames.length !== classes) {
    throw new ArgumentError(
      `Dataset: ${classNames.length} classNames do not fit classes, which is ${classes}`,
    );
  }
  if (classes !== undefined && targetTransform !== undefined) {
    throw new ArgumentError(
      `Dataset: targets that are class indices (classes is ${classes}) have no targetTransform: it would change the classes`,
    );
  }
  return {
    transform,
    targetTransform,
    classes,
    classNames: classNames && Object.freeze([...classNames]),
    columns: columns && ownColumns(columns),
    ordered,
  };
}

/** Checks all values that belong to the samples. @internal */
export function storeSamples(options: DatasetOptions): Stored {
  const inputs = Samples.from(options.inputs, options.inputShape, "inputs");
  const targets = Samples.from(options.targets, options.targetShape, "targets");
  if (inputs.count !== targets.count) {
    throw new ShapeError(
      `Dataset: ${inputs.count} inputs but ${targets.count} targets: each input needs one`,
    );
  }
  const { classes, columns, rows } = options;
  if (classes !== undefined) {
    if (targets.size !== 1) {
      throw new ShapeError(
        `Dataset: targets of shape ${formatShape(targets.shape)} are no class indices. Leave classes out`,
      );
    }
    checkLabels(targets.values, classes, "Dataset");
  }
  if (columns !== undefined) checkColumns(columns, inputs.shape, "Dataset");
  const stored = new Stored(inputs, targets, storeWeights(options.weights, inputs.count));
  if (rows === undefined) return stored;
  checkIndices(rows, inputs.count, "Dataset: rows");
  return stored.select(rows);
}

function storeWeights(given: DatasetOptions["weights"], count: number): Samples | undefined {
  if (given === undefined) return undefined;
  const weights = Samples.from(given, undefined, "weights");
  if (weights.shape.length > 0 || weights.count !== count) {
    throw new ShapeError(
      `Dataset: weights: needs one number for each of the ${count} samples, got ${weights.count} of shape ${formatShape(weights.shape)}`,
    );
  }
  const wrong = weights.values.findIndex((w) => w < 0);
  if (wrong >= 0) {
    throw new ArgumentError(
      `Dataset: weights: that of sample ${wrong} is ${weights.values[wrong]}, but must be ≥ 0`,
    );
  }
  if (count > 0 && weights.values.every((w) => w === 0)) {
    throw new ArgumentError("Dataset: weights: all are 0, so no sample would count");
  }
  return weights;
}

/** Throws for samples that overlap in time. @internal */
export function checkUnordered({ ordered }: CommonOptions, who: string): void {
  if (!ordered) return;
  throw new ArgumentError(
    `${who}: the samples overlap in time, so targets of one part would be inputs of the other. ` +
      "Use dataset.splitInOrder(fraction), or take and slice",
  );
}
