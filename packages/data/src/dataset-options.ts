import {
  ArgumentError,
  formatShape,
  type NestedNumbers,
  type Range,
  ranges,
  type Shape,
  ShapeError,
  type Tensor,
  type TypedArray,
} from "@gradus/core";
import { checkColumns, type InputColumn } from "./input-columns.ts";
import { checkIndices, checkLabels, Samples } from "./samples.ts";
import type { Transform } from "./transforms.ts";

/** Samples as two tensors, the input of a training step. */
export interface Batch {
  /** `[n, ...inputShape]`, transformed. */
  readonly inputs: Tensor;
  /** `[n, ...targetShape]`, transformed; class indices are `[n]`. */
  readonly targets: Tensor;
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

/** All options of a dataset, with the ranges of those that {@link storeSamples} does not check. @internal */
export const optionRanges: Readonly<Record<keyof DatasetOptions, Range | undefined>> = {
  inputs: undefined,
  inputShape: undefined,
  targets: undefined,
  targetShape: undefined,
  transform: ranges.optional(ranges.callable),
  targetTransform: ranges.optional(ranges.callable),
  classes: undefined,
  classNames: ranges.optional(distinct),
  columns: undefined,
  rows: undefined,
  ordered: ranges.optional(ranges.flag),
};

/** The stored samples of a dataset, which its parts share. @internal */
export interface Stored {
  readonly inputs: Samples;
  readonly targets: Samples;
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
  if (rows === undefined) return { inputs, targets };
  checkIndices(rows, inputs.count, "Dataset: rows");
  const chosen = Uint32Array.from(rows);
  return { inputs: inputs.select(chosen), targets: targets.select(chosen) };
}

/** Throws for options that contradict each other. @internal */
export function checkAgreement({ classes, classNames, targetTransform }: DatasetOptions): void {
  if (classNames !== undefined && classNames.length !== classes) {
    throw new ArgumentError(
      `Dataset: ${classNames.length} classNames do not fit classes, which is ${classes}`,
    );
  }
  if (classes === undefined || targetTransform === undefined) return;
  throw new ArgumentError(
    `Dataset: targets that are class indices (classes is ${classes}) have no targetTransform: it would change the classes`,
  );
}
