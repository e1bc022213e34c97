import { ArgumentError, type PerInput, type Shape, type TypedArray } from "@gradus/core";
import { refuseAssignments, refuseOperators } from "@gradus/core/internal";
import type { AnyBatch, SomeInputs } from "./dataset-options.ts";
import type { InputColumn } from "./input-columns.ts";
import type { DatasetParts } from "./stored.ts";
import type { Transform } from "./transforms.ts";

/** The parts of a dataset. @internal */
export let partsOf: (dataset: AnyDataset) => DatasetParts;

/** `structuredClone` and `postMessage` refuse symbols, and show this text. */
const NOT_CLONED: symbol = Symbol("a dataset (send its inputs and targets to new Dataset)");

/** What every `Dataset` has, whatever inputs it has. */
export abstract class AnyDataset {
  static {
    partsOf = (dataset) => dataset.#parts;
    const way = "dataset.with({ transform }) changes its numbers, dataset.size is the number of samples";
    refuseOperators(AnyDataset.prototype, "a dataset", way);
    refuseAssignments(AnyDataset.prototype, "a dataset", { length: "dataset.size is the number of samples" });
  }

  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly #parts: DatasetParts;
  /**
   * The numbers of the samples before any transform, row-major, in the order of the samples. Not to be written to. For several
   * inputs an object with such an array for each name, and so for `inputShape` and `inputSize`.
   */
  declare readonly inputs: PerInput<string, TypedArray>;
  /** The numbers of the targets before any transform, row-major, in the order of the samples. Not to be written to. */
  declare readonly targets: TypedArray;
  /** The weight of each sample, if there are weights. Not to be written to. */
  declare readonly weights: TypedArray | undefined;
  /** The names of several inputs, in order; undefined for one input. */
  readonly inputNames: readonly string[] | undefined;
  /** The shape of one sample. */
  readonly inputShape: PerInput<string, Shape>;
  /** Numbers per sample: the product of `inputShape`. */
  readonly inputSize: PerInput<string, number>;
  /** The shape of one target; `[]` for class indices. */
  readonly targetShape: Shape;
  /** Numbers per target. */
  readonly targetSize: number;
  /** Is applied to the inputs of each batch; for several inputs an object with those of the names that have one. */
  readonly transform: SomeInputs<string, Transform> | undefined;
  /** Is applied to the targets of each batch. */
  readonly targetTransform: Transform | undefined;
  /** The number of classes, if targets are class indices. */
  readonly classes: number | undefined;
  /** The names of the classes. */
  readonly classNames: readonly string[] | undefined;
  /** The names of the numbers of a sample; for several inputs an object with those of the names that have them. */
  readonly columns: SomeInputs<string, readonly InputColumn[]> | undefined;
  /** Whether the samples overlap in time, as windows of a series do: then they are not split at random. */
  readonly ordered: boolean;
  /** Number of samples. */
  readonly size: number;

  /** @internal */
  constructor(parts: DatasetParts) {
    const { stored, common } = parts;
    this.#parts = parts;
    const { inputs, targets, weights } = stored;
    this.inputNames = inputs.names as readonly string[] | undefined;
    this.inputShape = inputs.map(({ shape }) => shape).shown as PerInput<string, Shape>;
    this.inputSize = inputs.map(({ size }) => size).shown as PerInput<string, number>;
    this.targetShape = targets.shape;
    this.targetSize = targets.size;
    this.transform = common.transforms.shownSome as SomeInputs<string, Transform> | undefined;
    this.targetTransform = common.targetTransform;
    this.classes = common.classes;
    this.classNames = common.classNames;
    this.columns = common.columns.shownSome as SomeInputs<string, readonly InputColumn[]> | undefined;
    this.ordered = common.ordered;
    this.size = targets.count;
    // Fields of its own, so that {...dataset} has them: some are copied only when they are read.
    const field = (get: () => unknown): PropertyDescriptor => ({ enumerable: true, get });
    Object.defineProperties(this, {
      inputs: field(() => inputs.map(({ values }) => values).shown),
      targets: field(() => targets.values),
      weights: field(() => weights?.values),
    });
  }

  /** See `Dataset`. */
  abstract batch(indices: ArrayLike<number>): AnyBatch;

  /** See `Dataset`. */
  abstract read(
    indices: ArrayLike<number>,
    inputs: PerInput<string, Float64Array>,
    targets: Float64Array,
    weights?: Float64Array,
  ): void;

  /** @throws ArgumentError always: JSON has neither typed arrays nor functions. */
  toJSON(): never {
    throw new ArgumentError(
      "toJSON: a dataset is not written as JSON; keep its inputs and targets, and JSON.stringify(dataset.preparation) for the " +
        "way of new rows",
    );
  }
}
