import {
  ArgumentError,
  backward,
  formatShape,
  GradusError,
  Parameter,
  type Rng,
  ShapeError,
  show,
  Tensor,
} from "@gradus/core";
import type { Batch, Dataset } from "@gradus/data";
import { type Layer, type Mode, namedParameters, namedTensors } from "@gradus/nn";
import { Averages } from "./averages.ts";
import type { Loss } from "./callbacks.ts";
import { lossValue } from "./checks.ts";
import { defaultMetrics, type Metrics } from "./metrics.ts";
import { TensorsState } from "./state.ts";

/** A net, a loss and metrics, whose shapes must fit together. */
interface Trial {
  readonly net: Layer;
  readonly loss: Loss;
  readonly metrics?: Metrics;
}

/** The options of a training that its trial needs. */
interface TrainingTrial extends Trial {
  readonly dataset: Dataset;
  readonly validation?: Dataset;
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly rng: Rng;
}

/**
 * Runs the net, the loss and the metrics on one or two samples of each kind of batch (full, last, validation), so that
 * errors appear before training begins. Nothing is changed.
 *
 * @returns the metrics to use.
 * @throws the error of the net, loss or metric, with the shapes in its message. @internal
 */
export function tryTraining(training: TrainingTrial): Metrics {
  const { net, loss, dataset, validation, batchSize, dropLast } = training;
  const { size } = dataset;
  const rng = training.rng.split("rehearsal");
  const metrics = tryOut("fit", training, dataset, Math.min(2, batchSize, size), rng);
  const chosen = { net, loss, metrics };
  if (batchSize > 1 && size > 1 && size % batchSize === 1 && !dropLast) {
    const who =
      "fit: the last batch of an epoch has one sample (choose another batchSize, or dropLast: true)";
    tryOut(who, chosen, dataset, 1, rng);
  }
  if (validation) tryOut("fit: validation", chosen, validation, Math.min(2, validation.size));
  return metrics;
}

/**
 * Runs a net, loss and metrics on the first samples of a dataset.
 *
 * @param count the number of samples, 1 or 2.
 * @param rng the stream for a trial in training mode; changes of buffers are undone. Without it: evaluation mode.
 */
function tryOut(who: string, trial: Trial, dataset: Dataset, count: number, rng?: Rng): Metrics {
  const batch = dataset.batch(Array.from({ length: count }, (_, i) => i));
  const buffers = new TensorsState(namedTensors(trial.net).filter(([, x]) => !(x instanceof Parameter)));
  const before = buffers.state();
  try {
    return tryBatch(trial, batch, rng ? { train: true, rng } : { train: false });
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    const Kind = [ShapeError, ArgumentError].find((kind) => error instanceof kind) ?? GradusError;
    const shapes = `inputs ${formatShape(batch.inputs.shape)}, targets ${formatShape(batch.targets.shape)}`;
    throw new Kind(
      `${who}: a trial of ${count} sample${count === 1 ? "" : "s"} (${shapes}): ${error.message}`,
      { cause: error },
    );
  } finally {
    if (rng) buffers.restore(before);
  }
}

function tryBatch({ net, loss, metrics }: Trial, { inputs, targets }: Batch, mode: Mode): Metrics {
  const output = net.forward(inputs, mode);
  if (!(output instanceof Tensor)) {
    throw new ArgumentError(`the net's forward must return a tensor, got ${show(output)}`);
  }
  const value = loss(output, targets);
  const number = lossValue(value);
  const own = new Set<Tensor>(namedParameters(net).map(([, parameter]) => parameter));
  const reached = (): Iterable<Tensor> => (value.tracked ? backward(value).keys() : []);
  if (mode.train && ![...reached()].some((x) => own.has(x))) {
    throw new ArgumentError("the loss does not depend on any parameter of the net: nothing could be trained");
  }
  const chosen = metrics ?? defaultMetrics(output, targets);
  new Averages(chosen).add(number, output, targets);
  return chosen;
}
