import {
  ArgumentError,
  check,
  checkOptions,
  type InputOf,
  type NestedNumbers,
  type NetInput,
  type PerInput,
  type Range,
  ranges,
  type Shape,
  type Tensor,
  type TypedArray,
} from "@gradus/core";
import { type InputColumn, ownColumns } from "./input-columns.ts";
import type { InputList } from "./input-list.ts";
import type { Transform } from "./transforms.ts";

/** A {@link Batch}, whatever inputs it has. */
export interface AnyBatch {
  readonly inputs: NetInput;
  /** `[n, ...targetShape]`, transformed; class indices are `[n]`. */
  readonly targets: Tensor;
  /** `[n]`, the weight of each sample, if the dataset has weights. */
  readonly weights?: Tensor;
}

/** Samples as tensors, the input of a training step. */
export interface Batch<Names extends string = never> extends AnyBatch {
  /** `[n, ...inputShape]`, transformed; for a dataset with several inputs an object with such a tensor for each name. */
  readonly inputs: InputOf<Names>;
}

/** For several inputs an object in which names may be left out. */
export type SomeInputs<Names extends string, T> = string extends Names
  ? T | Readonly<Record<string, T | undefined>>
  : [Names] extends [never]
    ? T
    : { readonly [Name in Names]?: T | undefined };

/** The options that `dataset.with` replaces. */
export interface DatasetChanges<Names extends string = never> {
  /**
   * Is applied to the inputs of each batch, not to the stored ones. For several inputs an object with a transform for each name
   * that has one. Default: none.
   */
  readonly transform?: SomeInputs<Names, Transform> | undefined;
  /** Is applied to the targets of each batch, not to the stored ones; class indices have none. Default: none. */
  readonly targetTransform?: Transform | undefined;
}

/** Numbers of samples, one after the other: a typed array (not copied), a tensor, or nested arrays of numbers. */
export type SampleValues = TypedArray | Tensor | NestedNumbers;

/** Options of a `Dataset`. */
export interface DatasetOptions<Names extends string = never> extends DatasetChanges<Names> {
  /**
   * The samples one after the other: a typed array (not copied), a tensor, or nested arrays of numbers. For a net with several
   * inputs an object with such values for each name: `{ image, table }`.
   */
  readonly inputs: PerInput<Names, SampleValues>;
  /**
   * The shape of *one* sample. Required for a typed array. For several inputs an object with the shape of each name.
   * Default: all axes but the first.
   */
  readonly inputShape?: SomeInputs<Names, Shape> | undefined;
  /** The target of each sample, in the same forms. Classes are indices; core's `oneHot` expands them. */
  readonly targets: SampleValues;
  /** The shape of *one* target. Default: `[]`, one number, for a typed array; else all axes but the first. */
  readonly targetShape?: Shape | undefined;
  /**
   * The weight of each sample, ≥ 0, in the same forms: `fit` and `evaluate` take Σ w·loss / Σ w. A sample of weight 0 does not
   * count. Metrics are not weighted. Default: none, all samples count the same.
   */
  readonly weights?: SampleValues | undefined;
  /** The number of classes, if targets are class indices: all must then be 0 … classes − 1. */
  readonly classes?: number | undefined;
  /** The name of each class, `classes` different texts. Default: none. */
  readonly classNames?: readonly string[] | undefined;
  /**
   * The names of the numbers of a sample, from which `dataset.preparation` encodes rows. For several inputs an object with
   * such a list for each name that has one. Default: none.
   */
  readonly columns?: SomeInputs<Names, readonly InputColumn[]> | undefined;
  /** The rows of the arrays that are the samples, in this order, repeats allowed. Default: all rows in order. */
  readonly rows?: ArrayLike<number> | undefined;
  /** Whether the samples overlap in time, as `windows` do: `split`, `shuffle` and `folds` are then refused. Default: false. */
  readonly ordered?: boolean | undefined;
}

const distinct: Range = {
  says: "must be a list of different texts",
  admits: (x) =>
    ranges.isListOf(x, ranges.text.admits) && new Set(x as string[]).size === (x as string[]).length,
};

/** The name of each option, once. */
const optionNames: { readonly [Name in keyof Required<DatasetOptions>]: true } = {
  inputs: true,
  inputShape: true,
  targets: true,
  targetShape: true,
  weights: true,
  transform: true,
  targetTransform: true,
  classes: true,
  classNames: true,
  columns: true,
  rows: true,
  ordered: true,
};

/** The options that do not belong to single samples: parts of a dataset have the same. @internal */
export interface CommonOptions {
  readonly transforms: InputList<Transform | undefined>;
  readonly columns: InputList<readonly InputColumn[] | undefined>;
  readonly targetTransform: Transform | undefined;
  readonly classes: number | undefined;
  readonly classNames: readonly string[] | undefined;
  readonly ordered: boolean;
}

/** Throws for options that nobody knows. @internal */
export function checkNames(options: DatasetOptions<string>): void {
  checkOptions("Dataset", options, Object.keys(optionNames));
}

/** Checks all options but those that `storeSamples` checks. @param inputs the inputs of the dataset. @internal */
export function checkCommon(options: DatasetOptions<string>, inputs: InputList<unknown>): CommonOptions {
  check("Dataset", "classNames", options.classNames, ranges.optional(distinct));
  check("Dataset", "ordered", options.ordered, ranges.optional(ranges.flag));
  const { targetTransform, classes, classNames, ordered } = options;
  if (classNames !== undefined && classNames.length !== classes) {
    throw new ArgumentError(
      `Dataset: ${classNames.length} classNames do not fit classes, which is ${classes}`,
    );
  }
  checkTargetTransform(targetTransform, classes);
  const columns = inputs.given<readonly InputColumn[]>(options.columns as never, "Dataset: columns");
  return {
    transforms: transformsOf(options.transform, inputs),
    targetTransform,
    classes,
    classNames: classNames && Object.freeze([...classNames]),
    columns: columns.map((list) => list && ownColumns(list)),
    ordered: ordered ?? false,
  };
}

/** The transform of each input, checked. @internal */
function transformsOf(
  given: DatasetChanges<string>["transform"],
  inputs: InputList<unknown>,
): InputList<Transform | undefined> {
  const transforms = inputs.given<Transform>(given as never, "Dataset: transform");
  return transforms.map((transform, name) => {
    check("Dataset", nameOf("transform", name), transform, ranges.optional(ranges.callable));
    return transform;
  });
}

/** The options with other transforms; an input whose name is not given keeps its own. @internal */
export function withChanges(
  common: CommonOptions,
  changes: DatasetChanges<string>,
  inputs: InputList<unknown>,
): CommonOptions {
  checkOptions("dataset.with", changes, ["transform", "targetTransform"]);
  if (!("transform" in changes || "targetTransform" in changes)) {
    throw new ArgumentError(
      "dataset.with: needs { transform } or { targetTransform }, which may be undefined: then there is none",
    );
  }
  const { transform, targetTransform } = { targetTransform: common.targetTransform, ...changes };
  const given = transformsOf(transform, inputs);
  const kept = (name: string | undefined): boolean =>
    !("transform" in changes) ||
    (transform !== undefined && name !== undefined && !Object.hasOwn(transform, name));
  checkTargetTransform(targetTransform, common.classes);
  return {
    ...common,
    transforms: common.transforms.map((own, name, i) => (kept(name) ? own : given.values[i])),
    targetTransform,
  };
}

function checkTargetTransform(targetTransform: Transform | undefined, classes: number | undefined): void {
  check("Dataset", "targetTransform", targetTransform, ranges.optional(ranges.callable));
  if (classes === undefined || targetTransform === undefined) return;
  throw new ArgumentError(
    `Dataset: targets that are class indices (classes is ${classes}) have no targetTransform: it would change the classes`,
  );
}

/** `inputs.image` for the input with this name, `inputs` for one without. @internal */
export function nameOf(what: string, input: string | undefined): string {
  return input === undefined ? what : `${what}.${input}`;
}

/** Throws for samples that overlap in time. @internal */
export function checkUnordered({ ordered }: { readonly ordered: boolean }, who: string): void {
  if (!ordered) return;
  throw new ArgumentError(
    `${who}: the samples overlap in time, so targets of one part would be inputs of the other. ` +
      "Use dataset.splitInOrder(fraction), or take and slice",
  );
}
