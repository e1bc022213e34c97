import {
  ArgumentError,
  check,
  noMore,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  type Tensor,
} from "@gradus/core";
import type { AnyDataset } from "./any-dataset.ts";
import { Dataset } from "./dataset.ts";
import type { AnyBatch, Batch } from "./dataset-options.ts";
import { inputList } from "./input-list.ts";

/** Options of {@link batches}. */
export interface BatchOptions {
  /** The random stream that shuffles each pass. Default: none, the samples keep their order. */
  readonly rng?: Rng | undefined;
  /** Leaves out a last batch that is not full. Default: false, the last batch may be smaller. */
  readonly dropLast?: boolean;
  /**
   * Overwrites the same tensors for every batch, which is faster than new memory. A batch is then valid only until the
   * next one is made. Default: false.
   */
  readonly reuse?: boolean;
  /** Number of batches to leave out at the beginning of each pass, to resume a pass. Default 0. */
  readonly skip?: number;
}

type Resolved = Required<Omit<BatchOptions, "rng">> & Pick<BatchOptions, "rng">;

/** A batch of a pass. */
export interface PassBatch<Names extends string = never> extends Batch<Names> {
  /** The indices of its samples in the dataset, in the same order. */
  readonly indices: Uint32Array;
}

/** The batches of a dataset. Each loop over it is one pass. */
export interface Batches<Names extends string = never> extends Iterable<PassBatch<Names>> {
  /** Number of batches in a pass. */
  readonly length: number;
}

/**
 * Cuts a dataset into batches. Each `for … of` over the result is one pass. With an `rng`, each pass starts with one
 * `rng.permutation`, its only draw.
 *
 * @param batchSize samples per batch, a whole number ≥ 1.
 * @throws ArgumentError, at once, for a bad batch size or option, or if `dropLast` leaves no batch.
 * @example
 * const passes = batches(train, 128, { rng: createRng("order") });
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   for (const { inputs, targets } of passes) step(inputs, targets);
 * }
 */
export function batches<Names extends string = never>(
  dataset: Dataset<Names>,
  batchSize: number,
  options?: BatchOptions,
): Batches<Names>;
/** The batches of a dataset, whatever inputs it has. */
export function batches(dataset: AnyDataset, batchSize: number, options?: BatchOptions): Batches<string>;
export function batches(
  dataset: AnyDataset,
  batchSize: number,
  options: BatchOptions = {},
  ...extra: readonly undefined[]
): Batches<string> {
  noMore("batches", "dataset, batchSize, options", extra);
  const isDataset = ranges.instanceOf(Dataset, "must be a Dataset: new Dataset({ inputs, targets })");
  check("batches", "the dataset", dataset, isDataset);
  check("batches", "batchSize", batchSize, ranges.positiveCount);
  const { rng, dropLast, reuse, skip } = resolveOptions<Resolved>(
    "batches",
    options,
    { dropLast: false, reuse: false, skip: 0 },
    {
      rng: ranges.optional(randomStream),
      dropLast: ranges.flag,
      reuse: ranges.flag,
      skip: ranges.count,
    },
  );
  const { size } = dataset;
  const length = dropLast ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
  if (dropLast && length === 0 && size > 0) {
    throw new ArgumentError(
      `batches: dropLast leaves no batch: ${size} samples do not fill one of ${batchSize}`,
    );
  }
  return {
    length,
    *[Symbol.iterator]() {
      const order = rng?.permutation(size) ?? Uint32Array.from({ length: size }, (_, i) => i);
      let last: PassBatch<string> | undefined;
      for (let i = skip; i < length; i++) {
        const indices = order.subarray(i * batchSize, (i + 1) * batchSize);
        const fits = reuse && last?.targets.shape[0] === indices.length;
        last = { ...(last && fits ? refill(last, dataset, indices) : dataset.batch(indices)), indices };
        yield last;
      }
    },
  };
}

/** Overwrites the tensors of a batch with other samples. */
function refill(batch: AnyBatch, dataset: AnyDataset, indices: Uint32Array): AnyBatch {
  const { targets, weights } = batch;
  const inputs = inputList<Tensor>(batch.inputs, "batches");
  dataset.read(indices, inputs.map(({ data }) => data).shown, targets.data, weights?.data);
  for (const tensor of inputs.values) tensor.markChanged();
  targets.markChanged();
  weights?.markChanged();
  return batch;
}
