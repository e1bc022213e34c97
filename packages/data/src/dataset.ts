import {
  ArgumentError,
  check,
  type InputOf,
  noMore,
  type PerInput,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  show,
  type TypedArray,
  zeros,
} from "@gradus/core";
import { AnyDataset } from "./any-dataset.ts";
import {
  type Batch,
  type CommonOptions,
  checkUnordered,
  type DatasetChanges,
  type DatasetOptions,
  type SomeInputs,
  withChanges,
} from "./dataset-options.ts";
import type { InputColumn } from "./input-columns.ts";
import type { InputList } from "./input-list.ts";
import { InputPreparation } from "./input-preparation.ts";
import { Preparation } from "./preparation.ts";
import { checkIndices } from "./samples.ts";
import { type DatasetParts, makeParts, type Stored } from "./stored.ts";
import { runTransform, type Transform } from "./transforms.ts";

/** The parts of datasets that are made of another one, with which they were checked. */
const checkedParts = new WeakMap<object, DatasetParts>();

/**
 * Samples and their targets in typed arrays of their own type: the 60,000 images of MNIST take 47 MB, one byte per
 * pixel. {@link batch} converts to float64 and applies the transforms.
 *
 * A net may take several inputs, such as an image and a row of a table. Then `inputs` is an object with the samples of each
 * input by name, and so are `inputs` of a batch, which the net's `forward` gets. `Names` are these names, `never` for one input.
 *
 * A dataset never changes. Parts of it ({@link take}, {@link slice}, {@link select}, {@link split}, {@link with}) share its
 * arrays; `inputs` and `targets` of a part show the samples of the part alone, in its order.
 *
 * @throws ShapeError if the counts of inputs and targets differ or an array does not hold a whole number of samples;
 * ArgumentError for values that are not finite numbers (the message names the sample), inputs that are no array of
 * numbers, a label outside 0 … classes − 1, an unknown option, a name that is none of the inputs.
 * @example
 * const xor = new Dataset({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0], classes: 2 });
 * xor.batch([1, 2]).inputs.shape; // [2, 2]
 * xor.select([3, 1]).targets;     // [0, 1]
 *
 * const flats = new Dataset({ inputs: { place: [[0], [2]], numbers: [[30, 1], [48, 2]] }, targets: [205, 296] });
 * flats.all().inputs.numbers.shape; // [2, 2]
 */
export class Dataset<Names extends string = never> extends AnyDataset {
  declare readonly inputs: PerInput<Names, TypedArray>;
  declare readonly inputNames: readonly Names[] | undefined;
  declare readonly inputShape: PerInput<Names, Shape>;
  declare readonly inputSize: PerInput<Names, number>;
  declare readonly transform: SomeInputs<Names, Transform> | undefined;
  declare readonly columns: SomeInputs<Names, readonly InputColumn[]> | undefined;
  readonly #stored: Stored;
  readonly #common: CommonOptions;

  /** One input. */
  constructor(options: DatasetOptions);
  /** Several inputs by name. */
  constructor(options: DatasetOptions<Names>);
  constructor(options: object, ...extra: readonly undefined[]) {
    noMore("Dataset", "options", extra);
    const parts = checkedParts.get(options) ?? makeParts(options as DatasetOptions<string>);
    super(parts);
    this.#stored = parts.stored;
    this.#common = parts.common;
    if (new.target === Dataset) Object.freeze(this); // dataset.transform = … would be ignored
  }

  /**
   * The way from a row to the inputs of a net and from its outputs to an answer, as this dataset prepares its batches. It
   * holds no samples and can be saved as JSON beside the weights.
   *
   * @example const price = preparation.decode(predict(net, preparation.encode({ rooms: 4, town: "Bern" })));
   */
  get preparation(): Preparation<Names> {
    const { columns, transforms } = this.#common;
    const inputs = this.#stored.inputs.map(
      ({ shape }, _, i) => new InputPreparation(shape, columns.values[i], transforms.values[i]),
    );
    return new Preparation(inputs, this);
  }

  /**
   * The samples with these indices, in this order, repeats allowed.
   *
   * @throws ArgumentError for an index that is not a whole number in [0, size).
   * @example dataset.batch([0, 1, 2]).inputs.shape; // [3, ...inputShape]
   */
  batch(indices: ArrayLike<number>, ...extra: readonly undefined[]): Batch<Names> {
    noMore("dataset.batch", "indices", extra);
    checkIndices(indices, this.size, "dataset.batch");
    const inputs = this.#stored.inputs.map(({ shape }) => zeros([indices.length, ...shape]));
    const targets = zeros([indices.length, ...this.targetShape]);
    const weights = this.#stored.weights && zeros([indices.length]);
    const arrays = inputs.map(({ data }) => data);
    this.#copy(indices, arrays, targets.data, weights?.data);
    return { inputs: inputs.shown as InputOf<Names>, targets, ...(weights && { weights }) };
  }

  /** All samples as one batch. @example test.all().inputs.shape; // [size, ...inputShape] */
  all(...extra: readonly undefined[]): Batch<Names> {
    noMore("dataset.all", "", extra);
    return this.batch(Uint32Array.from({ length: this.size }, (_, i) => i));
  }

  /**
   * Like {@link batch}, but writes into given arrays and allocates nothing.
   *
   * @param inputs of length n·inputSize, overwritten with the transformed samples; for several inputs an object of such arrays.
   * @param targets of length n·targetSize, overwritten.
   * @param weights of length n, overwritten if the dataset has weights. Default: they are not read.
   * @throws ShapeError if a length does not fit; ArgumentError for an array that is no Float64Array, and for an index that
   * is not a whole number in [0, size).
   */
  read(
    indices: ArrayLike<number>,
    inputs: PerInput<Names, Float64Array>,
    targets: Float64Array,
    weights?: Float64Array,
    ...extra: readonly undefined[]
  ): void {
    noMore("dataset.read", "indices, inputs, targets, weights", extra);
    checkIndices(indices, this.size, "dataset.read");
    const room = this.#stored.checkRoom(indices.length, inputs, targets, "dataset.read", weights);
    this.#copy(indices, room, targets, weights);
  }

  #copy(
    indices: ArrayLike<number>,
    { values: arrays }: InputList<Float64Array>,
    targets: Float64Array,
    weights?: Float64Array,
  ): void {
    const { inputs, targets: stored } = this.#stored;
    this.#stored.readWeights(indices, weights);
    for (let i = 0; i < arrays.length; i++) inputs.values[i].gather(indices, arrays[i]);
    stored.gather(indices, targets);
    for (let i = 0; i < arrays.length; i++) {
      runTransform(this.#common.transforms.values[i], arrays[i], inputs.values[i].size);
    }
    runTransform(this.targetTransform, targets, this.targetSize);
  }

  /** The first `n` samples. @throws ArgumentError if there are fewer. */
  take(n: number, ...extra: readonly undefined[]): Dataset<Names> {
    noMore("dataset.take", "n", extra);
    return this.slice(0, n);
  }

  /**
   * The samples from `start` up to but not including `end`. Nothing is copied.
   *
   * @param end defaults to the size of the dataset.
   * @throws ArgumentError unless both are whole numbers with 0 ≤ start ≤ end ≤ size.
   */
  slice(start: number, end: number = this.size, ...extra: readonly undefined[]): Dataset<Names> {
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
  select(indices: ArrayLike<number>, ...extra: readonly undefined[]): Dataset<Names> {
    noMore("dataset.select", "indices", extra);
    checkIndices(indices, this.size, "dataset.select");
    return datasetOf(this.#stored.select(indices), this.#common);
  }

  /** The same samples in random order: one `rng.permutation`. @throws ArgumentError as {@link split}. */
  shuffle(rng: Rng, ...extra: readonly undefined[]): Dataset<Names> {
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
  split(fraction: number, rng: Rng, ...extra: readonly never[]): [Dataset<Names>, Dataset<Names>] {
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
  splitInOrder(fraction: number, ...extra: readonly undefined[]): [Dataset<Names>, Dataset<Names>] {
    noMore("dataset.splitInOrder", "fraction", extra);
    check("dataset.splitInOrder", "fraction", fraction, ranges.openUnit);
    const middle = Math.round(fraction * this.size);
    return [this.take(middle), this.slice(middle)];
  }

  /**
   * The same samples with another `transform` or `targetTransform`, which *replaces* the old one (`undefined`: none). Of several
   * inputs those that are not named keep theirs.
   *
   * @throws ArgumentError without any of the two and for other options, which cannot be changed.
   * @example const scaled = train.with({ transform: scale(1 / 255) });
   */
  with(changes: DatasetChanges<Names>, ...extra: readonly undefined[]): Dataset<Names> {
    noMore("dataset.with", "changes", extra);
    return datasetOf(this.#stored, withChanges(this.#common, changes as object, this.#stored.inputs));
  }
}

/** A dataset of samples that have been checked. @internal */
export function datasetOf<Names extends string = never>(
  stored: Stored,
  common: CommonOptions,
): Dataset<Names> {
  const options = {} as DatasetOptions<Names>;
  checkedParts.set(options, { stored, common });
  return new Dataset<Names>(options);
}
