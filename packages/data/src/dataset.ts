import {
  ArgumentError,
  check,
  checkOptions,
  formatShape,
  type NestedNumbers,
  noMore,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  ShapeError,
  show,
  type Tensor,
  type TypedArray,
  zeros,
} from "@gradus/core";
import { changedRows, checkIndices, checkLabels, checkStored, samples } from "./samples.ts";
import type { Transform } from "./transforms.ts";

/** Samples as two tensors, the input of a training step. */
export interface Batch {
  /** `[n, ...inputShape]`, transformed. */
  readonly inputs: Tensor;
  /** `[n, ...targetShape]`; class indices are `[n]`. */
  readonly targets: Tensor;
}

/** Options of {@link Dataset}. */
export interface DatasetOptions {
  /** The samples one after the other: a typed array (not copied), a tensor, or nested arrays of numbers. */
  readonly inputs: TypedArray | Tensor | NestedNumbers;
  /** The shape of *one* sample. Required for a typed array. Default: all axes but the first. */
  readonly inputShape?: Shape;
  /** The target of each sample, in the same forms. Classes are indices; core's `oneHot` expands them. */
  readonly targets: TypedArray | Tensor | NestedNumbers;
  /** The shape of *one* target. Default: `[]`, one number, for a typed array; else all axes but the first. */
  readonly targetShape?: Shape;
  /** Is applied to the inputs of each batch, not to the stored ones. Default: none. */
  readonly transform?: Transform | undefined;
  /** The number of classes, if targets are class indices: all must then be 0 … classes − 1. */
  readonly classes?: number | undefined;
  /** The rows of the arrays that are the samples, in this order. Default: all rows in order. */
  readonly rows?: Uint32Array | undefined;
}

const OPTIONS = "inputs inputShape targets targetShape transform classes rows".split(" ");

/**
 * Samples and their targets in typed arrays of their own type: the 60,000 images of MNIST take 47 MB, one byte per
 * pixel. {@link batch} converts to float64 and applies the transform.
 *
 * A dataset never changes. Parts of it ({@link take}, {@link slice}, {@link split}, {@link with}) share its arrays.
 *
 * @throws ShapeError if the counts of inputs and targets differ or an array does not hold a whole number of samples;
 * ArgumentError for values that are not finite numbers (the message names the sample), inputs that are no array of
 * numbers, a label outside 0 … classes − 1, an unknown option.
 * @example
 * const xor = new Dataset({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0], classes: 2 });
 * xor.batch([1, 2]).inputs.shape; // [2, 2]
 */
export class Dataset {
  /** The stored inputs, row-major. Not to be written to. */
  readonly inputs: TypedArray;
  /** The shape of one sample. */
  readonly inputShape: Shape;
  /** Numbers per sample: the product of `inputShape`. */
  readonly inputSize: number;
  /** The stored targets, row-major. Not to be written to. */
  readonly targets: TypedArray;
  /** The shape of one target; `[]` for class indices. */
  readonly targetShape: Shape;
  /** Numbers per target. */
  readonly targetSize: number;
  /** Is applied to the inputs of each batch. */
  readonly transform: Transform | undefined;
  /** The number of classes, if targets are class indices. */
  readonly classes: number | undefined;
  /** The rows of the arrays that are the samples; `undefined` if all are, in order. */
  readonly rows: Uint32Array | undefined;
  /** Number of samples. */
  readonly size: number;
  /** Number of rows in the stored arrays. */
  readonly #count: number;

  constructor(options: DatasetOptions) {
    checkOptions("Dataset", options, OPTIONS);
    const inputs = samples(options.inputs, options.inputShape, "inputs");
    const targets = samples(options.targets, options.targetShape, "targets");
    if (inputs.count !== targets.count) {
      throw new ShapeError(
        `Dataset: ${inputs.count} inputs but ${targets.count} targets: each input needs one`,
      );
    }
    check("Dataset", "transform", options.transform, ranges.optional(ranges.callable));
    this.#count = inputs.count;
    this.inputs = inputs.data;
    this.inputShape = inputs.shape;
    this.inputSize = inputs.size;
    this.targets = targets.data;
    this.targetShape = targets.shape;
    this.targetSize = targets.size;
    this.transform = options.transform;
    this.classes = options.classes;
    this.rows = options.rows;
    if (this.rows !== undefined) {
      check("Dataset", "rows", this.rows, ranges.builtIn("Uint32Array"));
      checkIndices(this.rows, inputs.count, "Dataset: rows");
    }
    this.size = this.rows?.length ?? inputs.count;
    if (this.classes === undefined) return;
    if (this.targetSize !== 1) {
      throw new ShapeError(
        `Dataset: targets of shape ${formatShape(this.targetShape)} are no class indices. Leave classes out`,
      );
    }
    checkLabels(this.targets, this.classes, "Dataset");
  }

  /** @throws ArgumentError if a stored array has lost numbers. @internal */
  checkStored(): void {
    checkStored(this, this.#count);
  }

  /** The row of the stored arrays that holds sample `index`. */
  row(index: number): number {
    return this.rows === undefined ? index : this.rows[index];
  }

  /**
   * The samples with these indices, in this order, repeats allowed.
   *
   * @throws ArgumentError for an index that is not a whole number in [0, size).
   * @example dataset.batch([0, 1, 2]).inputs.shape; // [3, ...inputShape]
   */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices(indices, this.size, "dataset.batch");
    const inputs = zeros([indices.length, ...this.inputShape]);
    const targets = zeros([indices.length, ...this.targetShape]);
    this.#copy(indices, inputs.data, targets.data);
    return { inputs, targets };
  }

  /**
   * Like {@link batch}, but writes into given arrays and allocates nothing.
   *
   * @param inputs of length n·inputSize, overwritten with the transformed samples.
   * @param targets of length n·targetSize, overwritten.
   * @throws ShapeError if a length does not fit; ArgumentError for an index that is not a whole number in [0, size).
   */
  read(indices: ArrayLike<number>, inputs: Float64Array, targets: Float64Array): void {
    checkIndices(indices, this.size, "dataset.read");
    const [needed, neededTargets] = [indices.length * this.inputSize, indices.length * this.targetSize];
    if (inputs.length !== needed || targets.length !== neededTargets) {
      throw new ShapeError(
        `dataset.read: ${indices.length} samples take ${needed} numbers and ${neededTargets} for targets, ` +
          `got room for ${inputs.length} and ${targets.length}`,
      );
    }
    this.#copy(indices, inputs, targets);
  }

  #copy(indices: ArrayLike<number>, inputs: Float64Array, targets: Float64Array): void {
    this.checkStored();
    const { inputSize, targetSize } = this;
    for (let i = 0; i < indices.length; i++) {
      const row = this.row(indices[i]);
      if (!(row < this.#count)) throw changedRows(row, this.#count);
      inputs.set(this.inputs.subarray(row * inputSize, (row + 1) * inputSize), i * inputSize);
      targets.set(this.targets.subarray(row * targetSize, (row + 1) * targetSize), i * targetSize);
    }
    this.transform?.(inputs, inputSize);
  }

  /** The first `n` samples. @throws ArgumentError if there are fewer. */
  take(n: number): Dataset {
    return this.slice(0, n);
  }

  /**
   * The samples from `start` up to but not including `end`. Nothing is copied.
   *
   * @param end defaults to the size of the dataset.
   * @throws ArgumentError unless both are whole numbers with 0 ≤ start ≤ end ≤ size.
   */
  slice(start: number, end: number = this.size): Dataset {
    if (
      !Number.isSafeInteger(start) ||
      !Number.isSafeInteger(end) ||
      start < 0 ||
      start > end ||
      end > this.size
    ) {
      throw new ArgumentError(
        `dataset.slice: needs whole numbers 0 ≤ start ≤ end ≤ ${this.size}, got ${show(start)} and ${show(end)}`,
      );
    }
    this.checkStored();
    if (this.rows !== undefined) return this.#derive({ rows: this.rows.subarray(start, end) });
    return this.#derive({
      inputs: this.inputs.subarray(start * this.inputSize, end * this.inputSize),
      targets: this.targets.subarray(start * this.targetSize, end * this.targetSize),
    });
  }

  /**
   * Divides the samples at random into two datasets; the first has round(fraction·size) samples. Only row numbers are
   * stored.
   *
   * @param fraction in (0, 1), such as 0.9 to keep a tenth for validation.
   * @throws ArgumentError for a fraction outside (0, 1) or without an rng.
   * @example const [training, validation] = train.split(0.9, createRng("split"));
   */
  split(fraction: number, rng: Rng, ...extra: readonly never[]): [Dataset, Dataset] {
    noMore("dataset.split", "fraction, rng", extra);
    check("dataset.split", "fraction", fraction, ranges.openUnit);
    check("dataset.split", "rng", rng, randomStream);
    const order = rng.permutation(this.size).map((index) => this.row(index));
    const middle = Math.round(fraction * this.size);
    return [
      this.#derive({ rows: order.subarray(0, middle) }),
      this.#derive({ rows: order.subarray(middle) }),
    ];
  }

  /**
   * The same samples with another transform, which *replaces* the old one (`undefined`: none).
   *
   * @throws ArgumentError without a `transform` and for other options, which cannot be changed.
   * @example const scaled = train.with({ transform: scale(1 / 255) });
   */
  with(changes: { readonly transform: Transform | undefined }): Dataset {
    checkOptions("dataset.with", changes, ["transform"]);
    if (!("transform" in changes)) {
      throw new ArgumentError(
        "dataset.with: needs { transform }, which may be undefined: then there is none",
      );
    }
    return this.#derive({ transform: changes.transform });
  }

  #derive(changes: Partial<DatasetOptions>): Dataset {
    this.checkStored();
    const { inputs, inputShape, targets, targetShape, transform, classes, rows } = this;
    return new Dataset({ inputs, inputShape, targets, targetShape, transform, classes, rows, ...changes });
  }
}
