import { type InputOf, type NetInput, type NotInferred, noMore, ranges, resolveOptions } from "@gradus/core";
import { type AnyDataset, batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { Averages } from "./averages.ts";
import type { Loss } from "./callbacks.ts";
import { checkDataset, checkedLater, checkNet, lossFunction, lossValue } from "./checks.ts";
import { FEW_SAMPLES, measurement } from "./compiled.ts";
import type { EpochMetric } from "./metrics/epoch-metric.ts";
import { checkMetrics, defaultMetrics, type Metrics } from "./metrics.ts";

import { tensorsOf } from "./net-input.ts";
import { tryEvaluation } from "./trial.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions<M extends Metrics = Record<never, never>> {
  /** The mean loss of a batch, as for `fit`. */
  readonly loss: Loss;
  /** Further values to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: M;
  /** Samples per batch: more are faster and take more memory. Default 256. */
  readonly batchSize?: number;
}

/** The mean loss over all samples, and the values of the metrics by name: numbers, or tables such as a confusion matrix. */
export type Evaluation<M extends Metrics = Record<never, never>> = {
  readonly loss: number;
  /** Share of correct samples in [0, 1], if targets are class indices. */
  readonly accuracy?: number;
} & { readonly [Name in keyof M]: M[Name] extends EpochMetric<infer Value> ? Value : number };

/**
 * The mean loss and metrics of a net over the samples of a dataset, in evaluation mode. Draws no random numbers and
 * changes nothing. Batches count as in `fit`, so loss and metrics are the same for every `batchSize`, up to rounding.
 *
 * @throws ArgumentError for a dataset without samples, a target that the loss does not take (with its sample), or options out
 *   of range; errors of the net, loss and metrics.
 * @example
 * evaluate(net, test, { loss: crossEntropy });                          // { loss: 0.31, accuracy: 0.91 }
 * evaluate(net, test, { loss: bceWithLogits, metrics: { accuracy: binaryAccuracy(), f1: f1(), auc: auc() } });
 */
export function evaluate<M extends Metrics = Record<never, never>, Names extends string = never>(
  net: Layer<InputOf<NotInferred<Names>>>,
  dataset: Dataset<Names>,
  options: EvaluateOptions<M>,
  ...extra: readonly undefined[]
): Evaluation<M>;
export function evaluate<M extends Metrics>(
  net: Layer<NetInput>,
  dataset: AnyDataset,
  options: EvaluateOptions<M>,
  ...extra: readonly undefined[]
): Evaluation<M> {
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
  const measure = measurement("evaluate", net, dataset.inputNames, loss, dataset.size > FEW_SAMPLES);
  let averages: Averages | undefined;
  try {
    for (const batch of batches(dataset, batchSize, { reuse: true })) {
      const { targets } = batch;
      const { output, loss, weights } = measure(...tensorsOf(batch));
      averages ??= new Averages(metrics ?? defaultMetrics(output, targets));
      averages.add(lossValue(loss), output, targets, weights);
    }
  } finally {
    measure.release();
  }
  return { ...averages?.all(), ...averages?.tables() } as Evaluation<M>;
}

interface Resolved {
  readonly loss: Loss;
  readonly metrics: Metrics | undefined;
  readonly batchSize: number;
}

const allowed = { loss: lossFunction, metrics: checkedLater, batchSize: ranges.positiveCount };
