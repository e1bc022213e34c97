import type { Tensor } from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { Averages } from "./averages.ts";
import type { Loss } from "./callbacks.ts";
import { checkCount, checkDataset, checkLoss, checkNet, checkOptions } from "./checks.ts";
import { type Fast, fast } from "./compiled.ts";
import { checkMetrics } from "./metric-names.ts";
import { defaultMetrics, type Metric, type Metrics } from "./metrics.ts";
import { lossValue } from "./rehearsal.ts";
import type { Measured } from "./step.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions<Name extends string = never> {
  /** The mean loss of a batch, as for `fit`. */
  readonly loss: Loss;
  /** What else to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Readonly<Record<Name, Metric>>;
  /** Samples per batch: more are faster and take more memory. Default 256. */
  readonly batchSize?: number;
}

/** Means over all samples. */
export type Evaluation<Name extends string = never> = {
  readonly loss: number;
  /** Share of hits in [0, 1], if targets are class indices. */
  readonly accuracy?: number;
} & { readonly [name in Name]: number };

/**
 * How well a net does on a dataset: the mean loss and metrics over its samples, in evaluation mode. Draws no random
 * numbers and changes nothing.
 *
 * @throws ArgumentError for a dataset without samples or options out of range; errors of the net, loss and metrics.
 * @example
 * evaluate(net, test, { loss: crossEntropy });                          // { loss: 0.31, accuracy: 0.91 }
 * evaluate(net, test, { loss: bceWithLogits, metrics: { accuracy: binaryAccuracy() } });
 */
export function evaluate<Name extends string = never>(
  net: Layer,
  dataset: Dataset,
  options: EvaluateOptions<Name>,
): Evaluation<Name> {
  checkNet("evaluate", net);
  checkDataset("evaluate", dataset);
  checkOptions("evaluate", options, ["loss", "metrics", "batchSize"]);
  const { loss, metrics, batchSize = 256 } = options;
  checkLoss("evaluate", loss);
  checkCount("evaluate: batchSize", batchSize);
  if (metrics !== undefined) checkMetrics("evaluate", metrics);
  const measure = measurement("evaluate", net, loss);
  try {
    const steps = evaluation(dataset, measure, { metrics, batchSize });
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value as Evaluation<Name>;
  } finally {
    measure.release();
  }
}

/** The output of a net and its loss, in evaluation mode, compiled. @internal */
export function measurement(
  who: string,
  net: Layer,
  loss: Loss,
  compile: boolean = true,
): Fast<[inputs: Tensor, targets: Tensor], Measured> {
  const measure = (inputs: Tensor, targets: Tensor): Measured => {
    const output = net.forward(inputs);
    return { output, loss: loss(output, targets) };
  };
  return fast(who, measure, compile);
}

/** {@link evaluate} batch by batch, for those who have something to do in between. @internal */
export function* evaluation(
  dataset: Dataset,
  measure: (inputs: Tensor, targets: Tensor) => Measured,
  options: { metrics: Metrics | undefined; batchSize: number },
): Generator<void, Record<string, number>> {
  let averages: Averages | undefined;
  for (const { inputs, targets } of batches(dataset, options.batchSize, { reuse: true })) {
    const { output, loss } = measure(inputs, targets);
    averages ??= new Averages(options.metrics ?? defaultMetrics(output, targets));
    averages.add(lossValue(loss), output, targets);
    yield;
  }
  return averages?.all() ?? {};
}
