import {
  ArgumentError,
  backward,
  formatShape,
  GradusError,
  type NetInput,
  Parameter,
  type Rng,
  type Tensor,
} from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { type AnyBatch, type AnyDataset, batches } from "@gradus/data";
import { type Layer, type Mode, namedParameters, namedTensors } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import { Averages } from "./averages.ts";
import type { Loss, StepTaker } from "./callbacks.ts";
import { checkOutput, lossValue } from "./checks.ts";
import { weighed } from "./loss-weight.ts";
import { defaultMetrics, type Metrics } from "./metrics.ts";
import { formatInputs, tryForward } from "./net-input.ts";
import { placed } from "./outcome.ts";
import { TensorsState } from "./state.ts";
import { type LookedUp, noteTables, refuseIndices } from "./trial-indices.ts";
import { type CalledLoss, noteLosses } from "./trial-losses.ts";
import { type GivenLogarithms, refuseLogits } from "./trial-outputs.ts";
import { refuseOneClass, refuseTargets } from "./trial-targets.ts";
import { hiddenParameters } from "./untrained.ts";

/** A net, a loss and metrics, whose shapes must fit together. */
interface Trial {
  readonly net: Layer<NetInput>;
  readonly loss: Loss;
  readonly metrics?: Metrics;
  /** Whether the net was tried on training data, and so need not read all inputs in evaluation. Default: false. */
  readonly afterTraining?: boolean;
}

/** The options of a training that its trial needs. */
interface TrainingTrial extends Trial {
  readonly optimizer: StepTaker;
  readonly dataset: AnyDataset;
  readonly validation?: AnyDataset;
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly rng: Rng;
}

/** The findings of a trial. */
interface Found {
  readonly metrics: Metrics;
  readonly loss: number;
  /** Whether any target counts: not all are missing or of weight 0. */
  readonly counts: boolean;
  /** The parameters that have a gradient other than 0; none in evaluation mode. */
  readonly moved: ReadonlySet<Tensor>;
  /** The warning about parameters that are not part of the net; undefined in evaluation mode. */
  readonly hidden: string | undefined;
}

/**
 * Runs the net, the loss and the metrics on one or two samples of each kind of batch (full, last, validation), and checks all
 * targets, so that errors appear before training begins. Nothing is changed.
 *
 * @returns the metrics to use.
 * @throws the error of the net, loss or metric, with the shapes in its message; ArgumentError for a target that the loss does
 *   not take, with its sample, and for a training that would change nothing. @internal
 */
export function tryTraining(training: TrainingTrial): Metrics {
  const { net, loss, dataset, validation, batchSize, dropLast } = training;
  const { size } = dataset;
  const rng = training.rng.split("rehearsal");
  const first = tryOut("fit", training, dataset, samples(Math.min(2, batchSize, size)), rng);
  const { metrics, hidden } = first;
  if (hidden !== undefined) warn(hidden);
  const chosen = { net, loss, metrics };
  if (batchSize > 1 && size > 1 && size % batchSize === 1 && !dropLast) {
    const who =
      "fit: the last batch of an epoch has one sample (choose another batchSize, or dropLast: true)";
    tryOut(who, chosen, dataset, samples(1), rng);
  }
  if (validation) {
    tryOut(
      "fit: validation",
      { ...chosen, afterTraining: true },
      validation,
      samples(Math.min(2, validation.size)),
    );
  }
  if (!moves(first, training)) refuseStandstill({ ...training, metrics }, rng);
  return metrics;
}

/** The same checks before an evaluation. @throws as {@link tryTraining}, with `evaluate` in the message. @internal */
export function tryEvaluation(
  net: Layer<NetInput>,
  dataset: AnyDataset,
  loss: Loss,
  metrics?: Metrics,
): void {
  tryOut("evaluate", { net, loss, ...(metrics && { metrics }) }, dataset, samples(Math.min(2, dataset.size)));
}

/** Whether a trial found a gradient for a parameter that is trained, or a loss of 0, which needs none. */
function moves({ loss, counts, moved }: Found, { net, optimizer }: TrainingTrial): boolean {
  if (!counts) return false;
  const trained =
    optimizer instanceof Optimizer
      ? optimizer.parameters
      : namedParameters(net).map(([, parameter]) => parameter);
  return loss === 0 || !Number.isFinite(loss) || trained.some((parameter) => moved.has(parameter));
}

/** Goes through all batches until one has a gradient. @throws ArgumentError if none has. */
function refuseStandstill(training: TrainingTrial, rng: Rng): void {
  const { dataset, batchSize, dropLast } = training;
  let loss = 0;
  let counted = false;
  for (const { indices } of batches(dataset, batchSize, { dropLast })) {
    const found = tryOut("fit", training, dataset, indices, rng);
    if (!found.counts) continue;
    if (found.loss !== 0 && moves(found, training)) return;
    counted = true;
    loss ||= found.loss;
  }
  if (!counted) {
    throw new ArgumentError(
      `fit: none of the ${dataset.size} targets counts: each one is ignored, or its class or sample has the weight 0. ` +
        "Nothing would be trained",
    );
  }
  if (loss === 0) return;
  throw new ArgumentError(
    `fit: the loss is ${loss}, and its gradient is exactly 0 for every trained parameter and all ${dataset.size} samples: ` +
      "nothing would be trained. Reasons are a softmax over one output, units that are all off or saturated, and " +
      "weights that are all 0",
  );
}

/** What a trial calls. */
interface Notes {
  readonly losses: CalledLoss[];
  readonly logarithms: GivenLogarithms[];
  readonly tables: LookedUp[];
}

const samples = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/**
 * Runs a net, loss and metrics on some samples of a dataset.
 *
 * @param rng the stream for a trial in training mode; changes of buffers are undone. Without it: evaluation mode.
 */
function tryOut(who: string, trial: Trial, dataset: AnyDataset, indices: Uint32Array, rng?: Rng): Found {
  const count = indices.length;
  const batch = dataset.batch(indices);
  const buffers = new TensorsState(namedTensors(trial.net).filter(([, x]) => !(x instanceof Parameter)));
  const before = buffers.state();
  const notes: Notes = { losses: [], logarithms: [], tables: [] };
  const checkLosses = (): void => {
    if (rng) refuseOneClass(who, notes.losses);
    refuseIndices(who, dataset, notes.tables);
    refuseTargets(who, dataset, count, notes.losses);
    refuseLogits(who, notes.logarithms);
  };
  let found: Found;
  try {
    found = tryBatch(trial, batch, rng ? { train: true, rng } : { train: false }, notes);
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    checkLosses(); // its message says more: the sample
    const shapes = `${formatInputs(batch.inputs)}, targets ${formatShape(batch.targets.shape)}`;
    throw placed(error, `${who}: a trial of ${count} sample${count === 1 ? "" : "s"} (${shapes})`);
  } finally {
    if (rng) buffers.restore(before);
  }
  checkLosses();
  return found;
}

function tryBatch(
  trial: Trial,
  { inputs, targets, weights }: AnyBatch,
  mode: Mode,
  { losses, logarithms, tables }: Notes,
): Found {
  const { net, loss, metrics } = trial;
  const output = noteTables(inputs, tables, () => tryForward(net, inputs, mode, !trial.afterTraining));
  checkOutput("", output);
  const weighted = noteLosses(output, targets, losses, logarithms, () =>
    weighed(loss, output, targets, weights),
  );
  const value = weighted.loss;
  const number = lossValue(value);
  const counts = weighted.weights.length === 0 || weighted.weights.some(({ weight }) => weight.item() !== 0);
  const moved = new Set<Tensor>();
  if (mode.train) {
    const gradients = value.tracked ? backward(value) : undefined;
    const reached = namedParameters(net).flatMap(([, parameter]) => {
      const gradient = gradients?.get(parameter);
      return gradient ? [{ parameter, gradient }] : [];
    });
    if (reached.length === 0) {
      throw new ArgumentError(
        "the loss does not depend on any parameter of the net: nothing could be trained",
      );
    }
    for (const { parameter, gradient } of reached) {
      if (gradient.data.some((g) => g !== 0)) moved.add(parameter);
    }
  }
  const chosen = metrics ?? defaultMetrics(output, targets);
  const averages = new Averages(chosen);
  averages.add(number, output, targets);
  averages.all(); // refuses values of the wrong type
  averages.tables();
  const hidden = mode.train ? hiddenParameters(net, output) : undefined;
  return { metrics: chosen, loss: number, counts, moved, hidden };
}
