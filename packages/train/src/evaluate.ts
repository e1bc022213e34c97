import { noMore, ranges, resolveOptions } from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { Averages } from "./averages.ts";
import type { Loss } from "./callbacks.ts";
import { checkDataset, checkedLater, checkNet, lossFunction, lossValue } from "./checks.ts";
import { FEW_SAMPLES, measurement } from "./compiled.ts";
import { checkMetrics, defaultMetrics, type Metric, type Metrics } from "./metrics.ts";
import { tryEvaluation } from "./trial.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions<Name extends string = never> {
  /** The mean loss of a batch, as for `fit`. */
  readonly loss: Loss;
  /** Further values to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Readonly<Record<Name, Metric>>;
  /** Samples per batch: more are faster and take more memory. Default 256. */
  readonly batchSize?: number;
}

/** Means over all samples. */
export type Evaluation<Name extends string = never> = {
  readonly loss: number;
  /** Share of correct samples in [0, 1], if targets are class indices. */
  readonly accuracy?: number;
} & { readonly [name in Name]: number };

/**
 * The mean loss and metrics of a net over the samples of a dataset, in evaluation mode. Draws no random numbers and
 * changes nothing. Batches count as in `fit`, so the loss is the same for every `batchSize`, up to rounding.
 *
 * @throws ArgumentError for a dataset without samples, a target that the loss does not take (with its sample), or options out
 *   of range; errors of the net, loss and metrics.
 * @example
 * evaluate(net, test, { loss: crossEntropy });                          // { loss: 0.31, accuracy: 0.91 }
 * evaluate(net, test, { loss: bceWithLogits, metrics: { accuracy: binaryAccuracy() } });
 */
export function evaluate<Name extends string = never>(
  net: Layer,
  dataset: Dataset,
  options: EvaluateOptions<Name>,
  ...extra: readonly undefined[]
): Evaluation<Name> {
  noMore("evaluate", "net, dataset, options", extra);
  checkNet("evaluate", net);
  checkDataset("evaluate", dataset);
  const { loss, metrics, batchSize } = resolveOptions<Resolved>(
    "evaluate",
    options,
    { batchSize: 256 },
    allowed,
  );
  checkMetrics("evaluate", metrics);
  tryEvaluation(net, dataset, loss, metrics);
  const measure = measurement("evaluate", net, loss, dataset.size > FEW_SAMPLES);
  let averages: Averages | undefined;
  try {
    for (const { inputs, targets } of batches(dataset, batchSize, { reuse: true })) {
      const { output, loss, weights } = measure(inputs, targets);
      averages ??= new Averages(metrics ?? defaultMetrics(output, targets));
      averages.add(lossValue(loss), output, targets, weights);
    }
  } finally {
    measure.release();
  }
  return averages?.all() as Evaluation<Name>;
}

interface Resolved {
  readonly loss: Loss;
  readonly metrics: Metrics | undefined;
  readonly batchSize: number;
}

const allowed = { loss: lossFunction, metrics: checkedLater, batchSize: ranges.positiveCount };
