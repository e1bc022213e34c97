import { ArgumentError, Rng, show } from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { Averages } from "./averages.ts";
import { Breather } from "./breather.ts";
import { CallbackList, checkCallbacks } from "./callback-list.ts";
import type { BatchLog, Callback, Loss, StepTaker, TrainEnd, Training } from "./callbacks.ts";
import { checkCount, checkDataset, checkLoss, checkNet, checkOptions } from "./checks.ts";
import { evaluation } from "./evaluate.ts";
import { type EpochLog, History } from "./history.ts";
import { checkMetrics, validationName } from "./metric-names.ts";
import type { Metric, Metrics } from "./metrics.ts";
import { checkOptimizer, lossValue, rehearse } from "./rehearsal.ts";
import { eagerStep } from "./step.ts";
import { StopOnNaN } from "./stop-on-nan.ts";

declare const performance: { now(): number };

/** What `fit` asks of an AbortSignal. */
export interface Abortable {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** Options of {@link fit}. */
export interface FitOptions {
  /** What changes the weights, made for this net: `new Adam(namedParameters(net))`. */
  readonly optimizer: StepTaker;
  /** The mean loss of a batch, as one number. */
  readonly loss: Loss;
  /** The number of the last epoch, ≥ 1: how often to go through the data. */
  readonly epochs: number;
  /** Samples per batch, ≥ 1. The last batch of an epoch is smaller where they do not divide evenly. */
  readonly batchSize: number;
  /** Where the order of the samples and the numbers of layers such as dropout come from. */
  readonly rng: Rng;
  /** Measured after each epoch, in evaluation mode. Default: none. */
  readonly validation?: Dataset;
  /** What else to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  readonly callbacks?: readonly Callback[];
  /** Ends training between two batches when aborted; `fit` then throws its reason. */
  readonly signal?: Abortable;
  /** Whether to throw at the first loss or gradient that is NaN or infinite. Default true. */
  readonly stopOnNaN?: boolean;
  /** The number of the first epoch, to go on with an earlier training. Default 1. */
  readonly startEpoch?: number;
}

const known: readonly string[] = [
  "optimizer",
  "loss",
  "epochs",
  "batchSize",
  "rng",
  "validation",
  "metrics",
  "callbacks",
  "signal",
  "stopOnNaN",
  "startEpoch",
];

/**
 * Trains a net: goes through the data in random order, batch by batch, `epochs` times, and lets the optimizer change
 * the weights after each batch.
 *
 * Everything is checked, and tried out on two samples, before any weight changes. Each epoch draws from a stream of its
 * own, `rng.split("epoch 3")`, so that it does not matter whether earlier epochs ran in the same process. Training gives
 * the rest of the program a turn every 50 ms. If it is aborted or fails, the weights are those of the last finished
 * step.
 *
 * @returns the history: loss, metrics and time of each epoch.
 * @throws ArgumentError or ShapeError for options that do not fit; DivergenceError for a loss or gradient that is not
 *   finite; the signal's reason when aborted; whatever a callback, the loss or the net throws.
 * @example
 * const history = await fit(net, train, {
 *   optimizer: new Adam(namedParameters(net)), loss: crossEntropy, epochs: 3, batchSize: 64, rng,
 * });
 */
export async function fit(net: Layer, dataset: Dataset, options: FitOptions): Promise<History> {
  const metrics = check(net, dataset, options);
  const {
    optimizer,
    loss,
    epochs,
    batchSize,
    rng,
    validation,
    signal,
    stopOnNaN = true,
    startEpoch = 1,
  } = options;
  if (signal?.aborted) throw signal.reason;
  const given = options.callbacks ?? [];
  const guard =
    stopOnNaN && !given.some((callback) => callback instanceof StopOnNaN) ? [new StopOnNaN({})] : [];
  const callbacks = new CallbackList([...guard, ...given]);

  const step = eagerStep(net, loss);
  const averages = new Averages(metrics);
  const breather = new Breather();
  const history = new History();
  const training: Training = {
    net,
    optimizer,
    startEpoch,
    epochs,
    batchSize,
    history,
    batches: Math.ceil(dataset.size / batchSize),
    samples: dataset.size,
    logged: loggedNames(averages.names, validation !== undefined),
    stop: (reason) => {
      history.stopped ??= reason;
    },
  };
  const batchLog = { ...NO_BATCH, average: (name: string) => averages.get(name) };

  async function trainEpoch(epoch: number): Promise<void> {
    const began = performance.now();
    const stream = rng.split(`epoch ${epoch}`);
    const mode = { train: true, rng: stream.split("layers") } as const;
    averages.reset();
    let batch = 0;
    for (const samples of batches(dataset, batchSize, { rng: stream.split("order") })) {
      const { output, loss: value, gradients } = step(samples, mode);
      averages.add(lossValue(value), output, samples.targets);
      Object.assign(batchLog, {
        epoch,
        batch: ++batch,
        step: optimizer.stepCount + 1,
        size: samples.targets.shape[0],
        samples: averages.samples,
        loss: value.data[0],
        learningRate: optimizer.learningRate,
      });
      await callbacks.each((callback) => callback.onBackward?.(batchLog, gradients, training));
      if (history.stopped !== undefined) return;
      optimizer.step(gradients);
      await callbacks.each((callback) => callback.onBatchEnd?.(batchLog, training));
      if (breather.due) await breather.breathe();
      signalCheck(signal);
      if (history.stopped !== undefined) return;
    }
    const log: Record<string, number> = { epoch };
    for (const name of averages.names) log[name] = averages.get(name);
    if (validation) {
      const measured = await validate(net, validation, { loss, metrics, batchSize }, breather, signal);
      for (const [name, value] of Object.entries(measured)) log[validationName(name)] = value;
    }
    log.learningRate = batchLog.learningRate;
    log.seconds = (performance.now() - began) / 1000;
    history.add(log as unknown as EpochLog);
    await callbacks.each((callback) => callback.onEpochEnd?.(log as unknown as EpochLog, training));
  }

  let end: TrainEnd = { outcome: "finished" };
  try {
    await callbacks.begin(training);
    for (let epoch = startEpoch; epoch <= epochs && history.stopped === undefined; epoch++) {
      await callbacks.each((callback) => callback.onEpochBegin?.(epoch, training));
      if (history.stopped === undefined) await trainEpoch(epoch);
    }
    if (history.stopped !== undefined) end = { outcome: "stopped", reason: history.stopped };
  } catch (error) {
    end = {
      outcome: error instanceof Aborted ? "aborted" : "failed",
      error: error instanceof Aborted ? error.reason : error,
    };
  }
  const errors = await callbacks.end(end, training);
  if ("error" in end) throw end.error;
  if (errors.length > 0) throw errors[0];
  return history;
}

/** Values of a {@link BatchLog} before the first batch. */
const NO_BATCH: Omit<BatchLog, "average"> = {
  epoch: 0,
  batch: 0,
  step: 0,
  size: 0,
  samples: 0,
  loss: Number.NaN,
  learningRate: Number.NaN,
};

/** Carries the reason of a signal out of the loops, so that it is not taken for a failure. */
class Aborted {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function signalCheck(signal: Abortable | undefined): void {
  if (signal?.aborted) throw new Aborted(signal.reason);
}

/** Checks all options, without changing anything. @returns the metrics to use. */
function check(net: Layer, dataset: Dataset, options: FitOptions): Metrics {
  checkNet("fit", net);
  checkDataset("fit", dataset);
  checkOptions("fit", options, known);
  const {
    optimizer,
    loss,
    epochs,
    batchSize,
    rng,
    validation,
    metrics,
    callbacks,
    signal,
    startEpoch = 1,
  } = options;
  checkLoss("fit", loss);
  checkCount("fit: epochs", epochs);
  checkCount("fit: batchSize", batchSize);
  checkCount("fit: startEpoch", startEpoch);
  if (startEpoch > epochs) {
    throw new ArgumentError(`fit: startEpoch ${startEpoch} comes after the last epoch, ${epochs}`);
  }
  if (!(rng instanceof Rng))
    throw new ArgumentError(`fit: rng must be a stream from createRng(seed), got ${show(rng)}`);
  if (validation !== undefined) checkDataset("fit: validation", validation);
  if (metrics !== undefined) checkMetrics("fit", metrics);
  if (callbacks !== undefined) checkCallbacks("fit", callbacks);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") {
    throw new ArgumentError(`fit: signal must be an AbortSignal, got ${show(signal)}`);
  }
  checkOptimizer("fit", optimizer, net);
  const wanted = { net, loss, metrics };
  const chosen = rehearse("fit", wanted, dataset, Math.min(2, dataset.size), rng.split("rehearsal"));
  if (validation) rehearse("fit: validation", { ...wanted, metrics: chosen }, validation, 1);
  return chosen;
}

function loggedNames(names: readonly string[], validated: boolean): readonly string[] {
  return [...names, ...(validated ? names.map(validationName) : []), "learningRate", "seconds"];
}

async function validate(
  net: Layer,
  validation: Dataset,
  options: { loss: Loss; metrics: Metrics; batchSize: number },
  breather: Breather,
  signal: Abortable | undefined,
): Promise<Record<string, number>> {
  const steps = evaluation(net, validation, options);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (breather.due) await breather.breathe();
    signalCheck(signal);
  }
}
