import {
  ArgumentError,
  backward,
  formatShape,
  GradusError,
  type Rng,
  ShapeError,
  show,
  Tensor,
} from "@gradus/core";
import type { Batch, Dataset } from "@gradus/data";
import { type Layer, type Mode, namedParameters } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import { Averages } from "./averages.ts";
import type { Loss, StepTaker } from "./callbacks.ts";
import { defaultMetrics, type Metrics } from "./metrics.ts";
import { Snapshot } from "./snapshot.ts";

/** The number that a loss function returned. @throws ArgumentError if it is not one number in a tensor. @internal */
export function lossValue(loss: Tensor): number {
  if (!(loss instanceof Tensor)) {
    throw new ArgumentError(`the loss must be a tensor of one number, got ${show(loss)}`);
  }
  if (loss.size === 1) return loss.data[0];
  throw new ShapeError(
    `the loss must be one number, the mean over the batch, got shape ${formatShape(loss.shape)}; ` +
      'use reduction: "mean" or take the mean',
  );
}

/**
 * Tries a net, loss and metrics on a few samples, so that what does not fit together shows before training begins.
 *
 * @param count of samples: 1 or 2 will do.
 * @param mode of training, or undefined for evaluation. Buffers that training changes are put back.
 * @returns the metrics to use.
 * @throws errors of what was tried, with the shapes that were tried. @internal
 */
export function rehearse(
  who: string,
  { net, loss, metrics }: { net: Layer; loss: Loss; metrics: Metrics | undefined },
  dataset: Dataset,
  count: number,
  rng?: Rng,
): Metrics {
  const batch = dataset.batch(Array.from({ length: count }, (_, i) => i));
  const mode: Mode = rng ? { train: true, rng } : { train: false };
  const parameters = new Set<Tensor>(namedParameters(net).map(([, parameter]) => parameter));
  const buffers = new Snapshot(net, (x) => !parameters.has(x));
  try {
    return tryOut({ net, loss, metrics }, batch, mode, parameters);
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    const Kind = [ShapeError, ArgumentError].find((kind) => error instanceof kind) ?? GradusError;
    const shapes = `inputs ${formatShape(batch.inputs.shape)}, targets ${formatShape(batch.targets.shape)}`;
    throw new Kind(
      `${who}: a trial of ${count} sample${count === 1 ? "" : "s"} (${shapes}): ${error.message}`,
      {
        cause: error,
      },
    );
  } finally {
    if (mode.train) buffers.restore();
  }
}

function tryOut(
  { net, loss, metrics }: { net: Layer; loss: Loss; metrics: Metrics | undefined },
  batch: Batch,
  mode: Mode,
  parameters: ReadonlySet<Tensor>,
): Metrics {
  const { inputs, targets } = batch;
  const output = net.forward(inputs, mode);
  if (!(output instanceof Tensor)) {
    throw new ArgumentError(`the net's forward must return a tensor, got ${show(output)}`);
  }
  const value = loss(output, targets);
  const number = lossValue(value);
  const reached = (): Iterable<Tensor> => (value.tracked ? backward(value).keys() : []);
  if (mode.train && ![...reached()].some((x) => parameters.has(x))) {
    throw new ArgumentError("the loss does not depend on any parameter of the net: nothing could be trained");
  }
  const chosen = metrics ?? defaultMetrics(output, targets);
  new Averages(chosen).add(number, output, targets);
  return chosen;
}

/** Refuses an optimizer that is none, or that trains what is not part of the net. @internal */
export function checkOptimizer(who: string, optimizer: StepTaker, net: Layer): void {
  if (typeof optimizer?.step !== "function") {
    throw new ArgumentError(
      `${who}: optimizer must be one of @gradus/optim, such as new Adam(namedParameters(net)), got ${show(optimizer)}`,
    );
  }
  if (!(optimizer instanceof Optimizer)) return;
  const own = new Set<Tensor>(namedParameters(net).map(([, parameter]) => parameter));
  const trained = optimizer.parameters;
  const foreign = trained.filter((x) => !own.has(x));
  if (foreign.length === 0) return;
  throw new ArgumentError(
    `${who}: ${foreign.length} of the optimizer's ${trained.length} parameters are not part of this net, such as one of ` +
      `shape ${formatShape(foreign[0].shape)}; make the optimizer with namedParameters(net), after the net`,
  );
}
