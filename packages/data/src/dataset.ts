import {
  ArgumentError,
  check,
  checkOptions,
  noMore,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  show,
  type TypedArray,
  zeros,
} from "@gradus/core";
import {
  type Batch,
  type CommonOptions,
  checkCommon,
  checkUnordered,
  type DatasetChanges,
  type DatasetOptions,
  storeSamples,
} from "./dataset-options.ts";
import type { InputColumn } from "./input-columns.ts";
import { Preparation } from "./preparation.ts";
import { checkIndices } from "./samples.ts";
import type { Stored } from "./stored.ts";
import type { Transform } from "./transforms.ts";

/** The samples of datasets that are made of another one, with which they were checked. */
const checkedSamples = new WeakMap<object, Stored>();

/** The stored samples of a dataset. @internal */
export let storedOf: (dataset: Dataset) => Stored;

/**
 * Samples and their targets in typed arrays of their own type: the 60,000 images of MNIST take 47 MB, one byte per
 * pixel. {@link batch} converts to float64 and applies the transforms.
 *
 * A dataset never changes. Parts of it ({@link take}, {@link slice}, {@link select}, {@link split}, {@link with}) share its
 * arrays; `inputs` and `targets` of a part show the samples of the part alone, in its order.
 *
 * @throws ShapeError if the counts of inputs and targets differ or an array does not hold a whole number of samples;
 * ArgumentError for values that are not finite numbers (the message names the sample), inputs that are no array of
 * numbers, a label outside 0 … classes − 1, an unknown option.
 * @example
 * const xor = new Dataset({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0], classes: 2 });
 * xor.batch([1, 2]).inputs.shape; // [2, 2]
 * xor.select([3, 1]).targets;     // [0, 1]
 */
export class Dataset {
  static {
    storedOf = (dataset) => dataset.#stored;
  }

  readonly #stored: Stored;
  readonly #common: CommonOptions;
  /** The shape of one sample. */
  readonly inputShape: Shape;
  /** Numbers per sample: the product of `inputShape`. */
  readonly inputSize: number;
  /** The shape of one target; `[]` for class indices. */
  readonly targetShape: Shape;
  /** Numbers per target. */
  readonly targetSize: number;
  /** Is applied to the inputs of each batch. */
  readonly transform: Transform | undefined;
  /** Is applied to the targets of each batch. */
  readonly targetTransform: Transform | undefined;
  /** The number of classes, if targets are class indices. */
  readonly classes: number | undefined;
  /** The names of the classes. */
  readonly classNames: readonly string[] | undefined;
  /** The names of the numbers of a sample. */
  readonly columns: readonly InputColumn[] | undefined;
  /** Whether the samples overlap in time, as windows of a series do: then they are not split at random. */
  readonly ordered: boolean;
  /** Number of samples. */
  readonly size: number;

  constructor(options: DatasetOptions, ...extra: readonly undefined[]) {
    noMore("Dataset", "options", extra);
    const given = checkCommon(options);
    const stored = checkedSamples.get(options) ?? storeSamples(options);
    const { inputs, targets } = stored;
    this.#stored = stored;
    this.#common = given;
    this.inputShape = inputs.shape;
    this.inputSize = inputs.size;
    this.targetShape = targets.shape;
    this.targetSize = targets.size;
    this.transform = given.transform;
    this.targetTransform = given.targetTransform;
    this.classes = given.classes;
    this.classNames = given.classNames;
    this.columns = given.columns;
    this.ordered = given.ordered ?? false;
    this.size = inputs.count;
  }

  /** The numbers of the samples before any transform, row-major, in the order of the samples. Not to be written to. */
  get inputs(): TypedArray {
    return this.#stored.inputs.values;
  }

  /** The numbers of the targets before any transform, row-major, in the order of the samples. Not to be written to. */
  get targets(): TypedArray {
    return this.#stored.targets.values;
  }

  /** The weight of each sample, if there are weights. Not to be written to. */
  get weights(): TypedArray | undefined {
    return this.#stored.weights?.values;
  }

  /**
   * The way from a row to the inputs of a net and from its outputs to an answer, as this dataset prepares its batches. It
   * holds no samples and can be saved as JSON beside the weights.
   *
   * @example const price = preparation.decode(predict(net, preparation.encode({ rooms: 4, town: "Bern" })));
   */
  get preparation(): Preparation {
    return new Preparation(this);
  }

  /**
   * The samples with these indices, in this order, repeats allowed.
   *
   * @throws ArgumentError for an index that is not a whole number in [0, size).
   * @example dataset.batch([0, 1, 2]).inputs.shape; // [3, ...inputShape]
   */
  batch(indices: ArrayLike<number>, ...extra: readonly undefined[]): Batch {
    noMore("dataset.batch", "indices", extra);
    checkIndices(indices, this.size, "dataset.batch");
    const inputs = zeros([indices.length, ...this.inputShape]);
    const targets = zeros([indices.length, ...this.targetShape]);
    const weights = this.#stored.weights && zeros([indices.length]);
    this.#copy(indices, inputs.data, targets.data, weights?.data);
    return { inputs, targets, ...(weights && { weights }) };
  }

  /** All samples as one batch. @example test.all().inputs.shape; // [size, ...inputShape] */
  all(...extra: readonly undefined[]): Batch {
    noMore("dataset.all", "", extra);
    return this.batch(Uint32Array.from({ length: this.size }, (_, i) => i));
  }

  /**
   * Like {@link batch}, but writes into given arrays and allocates nothing.
   *
   * @param inputs of length n·inputSize, overwritten with the transformed samples.
   * @param targets of length n·targetSize, overwritten.
   * @param weights of length n, overwritten if the dataset has weights. Default: they are not read.
   * @throws ShapeError if a length does not fit; ArgumentError for an array that is no Float64Array, and for an index that
   * is not a whole number in [0, size).
   */
  read(
    indices: ArrayLike<number>,
    inputs: Float64Array,
    targets: Float64Array,
    weights?: Float64Array,
    ...extra: readonly undefined[]
  ): void {
    noMore("dataset.read", "indices, inputs, targets, weights", extra);
    checkIndices(indices, this.size, "dataset.read");
    this.#stored.checkRoom(indices.length, inputs, targets, "dataset.read", weights);
    this.#copy(indices, inputs, targets, weights);
  }

  #copy(
    indices: ArrayLike<number>,
    inputs: Float64Array,
    targets: Float64Array,
    weights?: Float64Array,
  ): void {
    this.#stored.readWeights(indices, weights);
    this.#stored.inputs.gather(indices, inputs);
    this.#stored.targets.gather(indices, targets);
    this.transform?.(inputs, this.inputSize);
    this.targetTransform?.(targets, this.targetSize);
  }

  /** The first `n` samples. @throws ArgumentError if there are fewer. */
  take(n: number, ...extra: readonly undefined[]): Dataset {
    noMore("dataset.take", "n", extra);
    return this.slice(0, n);
  }

  /**
   * The samples from `start` up to but not including `end`. Nothing is copied.
   *
   * @param end defaults to the size of the dataset.
   * @throws ArgumentError unless both are whole numbers with 0 ≤ start ≤ end ≤ size.
   */
  slice(start: number, end: number = this.size, ...extra: readonly undefined[]): Dataset {
    noMore("dataset.slice", "start, end", extra);
    if (![start, end].every(Number.isSafeInteger) || start < 0 || start > end || end > this.size) {
      throw new ArgumentError(
        `dataset.slice: needs whole numbers 0 ≤ start ≤ end ≤ ${this.size}, got ${show(start)} and ${show(end)}`,
      );
    }
    return datasetOf(this.#stored.slice(start, end), this.#common);
  }

  /**
   * The samples with these indices as a dataset, in this order, repeats allowed. Only the indices are stored.
   *
   * @throws ArgumentError for an index that is not a whole number in [0, size).
   * @example
   * const sevens = digits.select([...digits.targets.keys()].filter((i) => digits.targets[i] === 7));
   */
  select(indices: ArrayLike<number>, ...extra: readonly undefined[]): Dataset {
    noMore("dataset.select", "indices", extra);
    checkIndices(indices, this.size, "dataset.select");
    return datasetOf(this.#stored.select(indices), this.#common);
  }

  /** The same samples in random order: one `rng.permutation`. @throws ArgumentError as {@link split}. */
  shuffle(rng: Rng, ...extra: readonly undefined[]): Dataset {
    noMore("dataset.shuffle", "rng", extra);
    check("dataset.shuffle", "rng", rng, randomStream);
    checkUnordered(this, "dataset.shuffle");
    return this.select(rng.permutation(this.size));
  }

  /**
   * Divides the samples at random into two datasets; the first has round(fraction·size) samples. Only indices are stored.
   *
   * @param fraction in (0, 1), such as 0.9 to keep a tenth for validation.
   * @throws ArgumentError for a fraction outside (0, 1), without an rng, and for windows of a series, which overlap: use
   * {@link splitInOrder}.
   * @example const [training, validation] = train.split(0.9, createRng("split"));
   */
  split(fraction: number, rng: Rng, ...extra: readonly undefined[]): [Dataset, Dataset] {
    noMore("dataset.split", "fraction, rng", extra);
    check("dataset.split", "fraction", fraction, ranges.openUnit);
    check("dataset.split", "rng", rng, randomStream);
    checkUnordered(this, "dataset.split");
    const order = rng.permutation(this.size);
    const middle = Math.round(fraction * this.size);
    return [this.select(order.subarray(0, middle)), this.select(order.subarray(middle))];
  }

  /**
   * The first round(fraction·size) samples, and the others, in their order: for a series the past and the future.
   *
   * @throws ArgumentError for a fraction outside (0, 1).
   * @example const [past, future] = windows(prices, { length: 30 }).splitInOrder(0.8);
   */
  splitInOrder(fraction: number, ...extra: readonly undefined[]): [Dataset, Dataset] {
    noMore("dataset.splitInOrder", "fraction", extra);
    check("dataset.splitInOrder", "fraction", fraction, ranges.openUnit);
    const middle = Math.round(fraction * this.size);
    return [this.take(middle), this.slice(middle)];
  }

  /**
   * The same samples with another `transform` or `targetTransform`, which *replaces* the old one (`undefined`: none).
   *
   * @throws ArgumentError without any of the two and for other options, which cannot be changed.
   * @example const scaled = train.with({ transform: scale(1 / 255) });
   */
  with(changes: DatasetChanges, ...extra: readonly undefined[]): Dataset {
    noMore("dataset.with", "changes", extra);
    checkOptions("dataset.with", changes, ["transform", "targetTransform"]);
    if (!("transform" in changes || "targetTransform" in changes)) {
      throw new ArgumentError(
        "dataset.with: needs { transform } or { targetTransform }, which may be undefined: then there is none",
      );
    }
    return datasetOf(this.#stored, { ...this.#common, ...changes });
  }
}

/** A dataset of samples that have been checked. @internal */
export function datasetOf(stored: Stored, common: CommonOptions): Dataset {
  const options: DatasetOptions = { inputs: [], targets: [], ...common };
  checkedSamples.set(options, stored);
  return new Dataset(options);
}
