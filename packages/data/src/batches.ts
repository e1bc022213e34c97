import { ArgumentError, check, type Rng, randomStream, ranges, resolveOptions } from "@gradus/core";
import type { Batch, Dataset } from "./dataset.ts";

/** Options of {@link batches}. */
export interface BatchOptions {
  /** Shuffles each pass anew. Default: no shuffling, the samples come in order. */
  readonly rng?: Rng | undefined;
  /** Leaves out a last batch that is not full. Default: false, it comes and is smaller. */
  readonly dropLast?: boolean;
  /**
   * Fills the same two tensors again and again instead of making new ones, which spares the time that fresh memory takes.
   * A batch then holds only until the next one is asked for. Default: false.
   */
  readonly reuse?: boolean;
  /** How many batches of each pass to leave out at its beginning, to go on with one that was broken off. Default 0. */
  readonly skip?: number;
}

type Resolved = Required<Omit<BatchOptions, "rng">> & Pick<BatchOptions, "rng">;

/** A batch of a pass. */
export interface PassBatch extends Batch {
  /** Which samples of the dataset it holds: their indices, in the same order. */
  readonly indices: Uint32Array;
}

/** A pass over a dataset, as often as it is looped over. */
export interface Batches extends Iterable<PassBatch> {
  /** How many batches one pass has. */
  readonly length: number;
}

/**
 * Cuts a dataset into batches. Each `for … of` over the result is one pass; with an `rng` each pass draws its
 * own order at its start (`rng.permutation`), and nothing else is drawn from it.
 *
 * @param batchSize samples per batch, a whole number ≥ 1.
 * @throws ArgumentError, at once, for a batch size or an option that is not as described, or if `dropLast` would leave no
 * batch at all.
 * @example
 * const passes = batches(train, 128, { rng: createRng("order") });
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   for (const { inputs, targets } of passes) step(inputs, targets);
 * }
 */
export function batches(dataset: Dataset, batchSize: number, options: BatchOptions = {}): Batches {
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
      let last: PassBatch | undefined;
      for (let i = skip; i < length; i++) {
        const indices = order.subarray(i * batchSize, (i + 1) * batchSize);
        const fits = reuse && last?.inputs.shape[0] === indices.length;
        const { inputs, targets } = last && fits ? refill(last, dataset, indices) : dataset.batch(indices);
        last = { inputs, targets, indices };
        yield last;
      }
    },
  };
}

/** Other samples in a batch's own tensors. */
function refill(batch: Batch, dataset: Dataset, indices: Uint32Array): Batch {
  const { inputs, targets } = batch;
  dataset.read(indices, inputs.data, targets.data);
  inputs.markChanged();
  targets.markChanged();
  return batch;
}
