import {
  check,
  createRng,
  hashTensors,
  type InputOf,
  type NetInput,
  type NotInferred,
  noMore,
  ranges,
} from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { type AnyDataset, batches, type Dataset } from "@gradus/data";
import { type Layer, namedParameters, namedTensors } from "@gradus/nn";
import { Averages } from "./averages.ts";
import { type BatchLog, Callbacks, type StepTaker, type TrainEnd, type Training } from "./callbacks.ts";
import { type Parts, packed } from "./checkpoint/checkpoint.ts";
import { lossValue } from "./checks.ts";
import { followed, isOneFunction, measurement } from "./compiled.ts";
import { type AnyFitOptions, checkFit, type FitOptions } from "./fit-options.ts";
import { type EpochLog, History } from "./history.ts";
import { beginAlone } from "./in-training.ts";
import { LossGrowth } from "./loss-growth.ts";
import { orUncounted, Uncounted } from "./loss-weight.ts";
import { validationName } from "./metrics.ts";
import { tensorsOf } from "./net-input.ts";
import { atStep, endBy } from "./outcome.ts";
import { TrainingSetup } from "./setup.ts";
import { nothingToResume, type Stateful, TrainingState } from "./state.ts";
import { type Step, trainingStep } from "./training-step.ts";
import { explainNaN, unwatched } from "./trap.ts";
import { Unfinished, waiter } from "./wait.ts";
import { Aborted, eventYielder } from "./yield-to-events.ts";

/**
 * Trains a net: goes through the data in random order, batch by batch, `epochs` times, and lets the optimizer change
 * the weights after each batch.
 *
 * All options are checked, and one step is tried on two samples, before any weight changes. Each epoch draws from its own
 * stream, `rng.split("epoch 3")`, so its numbers do not depend on whether earlier epochs ran in the same process; a second
 * call with the same `rng` and `startEpoch` draws the same numbers. Between two batches training yields to the event
 * loop if 50 ms have passed. If it is aborted or fails, the weights are those of the last finished step.
 *
 * The loss and metrics of an epoch are means over its samples: each batch is measured with the weights it was trained on,
 * and counts by the number that the loss itself divides by: its samples, or the sum of the weights of a {@link weightedMean},
 * of crossEntropy or nll with class weights or ignored targets. A batch in which no target counts makes no step and calls no
 * callback; layers such as BatchNorm have seen its inputs.
 *
 * @param net a net that takes the inputs of the dataset: a tensor, or several by name.
 * @param dataset what to train on, at least one sample.
 * @param options see {@link FitOptions}.
 * @returns the history: loss, metrics and time of each finished epoch.
 * @throws ArgumentError or ShapeError for options that do not fit; DivergenceError for a loss or gradient that is not
 *   finite, TrainingNumericsError with `onNaN: "explain"`; FormatError or StorageError for checkpoints; the signal's reason
 *   when aborted; any error of a callback, the loss or the net. If callbacks also fail at the end, an AggregateError of
 *   all errors, in the order in which they were thrown.
 * @example
 * const history = await fit(net, train, {
 *   optimizer: new Adam(namedParameters(net)), loss: crossEntropy, epochs: 3, batchSize: 64, rng,
 * });
 */
export function fit<Names extends string = never>(
  net: Layer<InputOf<NotInferred<Names>>>,
  dataset: Dataset<Names>,
  options: FitOptions<Names>,
  ...extra: readonly undefined[]
): Promise<History>;
export async function fit(
  net: Layer<NetInput>,
  dataset: AnyDataset,
  options: AnyFitOptions,
  ...extra: readonly undefined[]
): Promise<History> {
  noMore("fit", "net, dataset, options", extra);
  const checked = checkFit(net, dataset, options);
  const { optimizer, epochs, batchSize, dropLast, rng, validation, onNaN, checkpoints } = checked;
  if (checked.signal?.aborted) throw new Aborted(checked.signal).reason;
  const begin = beginAlone(net, optimizer);

  const state = new TrainingState(checked.startEpoch, checked.batches, checked.settings);
  const averages = new Averages(checked.metrics);
  const validationAverages = new Averages(checked.metrics, validationName);
  const measured = validation ? [averages, validationAverages] : [averages];
  const history = new History();
  const stopped = (): boolean => history.stopped !== undefined;
  let end: TrainEnd | undefined;
  let unfinished = false;

  // The views of the training and of the batch that callbacks receive.
  const training: Mutable<Training> = {
    net: net as unknown as Layer, // see Training
    optimizer,
    startEpoch: checked.startEpoch,
    epochs,
    batchSize,
    batches: checked.batches,
    samples: checked.samples,
    logged: [...measured.flatMap(({ numberNames }) => numberNames), "learningRate", "seconds"],
    tables: measured.flatMap(({ tableNames }) => tableNames),
    history,
    resumed: false,
    stop(reason) {
      check("training.stop", "the reason", reason, ranges.text);
      if (!end) history.stopped ??= reason;
    },
  };
  const log: Mutable<BatchLog> = { ...NO_BATCH, average: (name) => averages.get(name) };
  const callbacks = new Callbacks(checked.callbacks, training, waiter(checked.signal));

  // One stream for all epochs: a compiled step draws from the stream that it was compiled with.
  const layersRng = createRng("layers");
  const parts: Parts = {
    training: state,
    net,
    optimizer: optimizer as StepTaker & Stateful, // checked with the options
    history,
    averages,
    layers: layersRng,
    ...callbacks.parts,
    ...checkpoints?.also,
    ...(checkpoints && { setup: new TrainingSetup(net, optimizer, checked.loss) }), // last: it only warns
  };
  const save = async (): Promise<void> => {
    await checkpoints?.save(parts, optimizer.stepCount);
  };

  const parameters = namedParameters(net);
  const { output, forwardBackward, update } = trainingStep(net, checked, layersRng, parameters);
  const inOneGo = isOneFunction(checked);
  const { inputNames } = dataset;
  const wholeStep = followed("fit", net, inputNames, checked.loss, { output, rest: update }, checked.compile);
  const measure = measurement("fit: validation", net, validation?.inputNames, checked.loss, checked.compile);
  const watched = onNaN === "explain" ? explainNaN(net) : unwatched;
  const yieldToEvents = eventYielder(checked.signal); // throws Aborted
  const growth = new LossGrowth(checked.batches);
  const endTraining = begin();
  try {
    training.resumed = (await checkpoints?.begin(parts, checked.resume)) ?? false;
    Object.freeze(training); // training.epochs = 3 would change nothing
    if (history.stopped !== undefined) warn(nothingToResume(history.stopped, state));
    await callbacks.begin();
    if (checkpoints) packed(parts); // refuses a state that cannot be saved before the first step
    while (state.epoch <= epochs && !stopped()) {
      const { epoch } = state;
      const stream = rng.split(`epoch ${epoch}`);
      state.startClock();
      await yieldToEvents();
      await callbacks.call("onEpochBegin", epoch);
      if (stopped()) break;
      checked.checkParameters();

      // In a resumed epoch the checkpoint has restored both.
      if (state.batch === 0) {
        layersRng.become(stream.split("layers"));
        averages.reset();
      }
      const order = { rng: stream.split("order"), dropLast, skip: state.batch, reuse: true };
      for (const batch of batches(dataset, batchSize, order)) {
        await yieldToEvents();
        const [{ targets }, tensors] = [batch, tensorsOf(batch)];
        log.epoch = epoch;
        log.batch = state.batch + 1;
        log.step = optimizer.stepCount + 1;
        log.size = targets.shape[0];
        const atBatch = <T>(part: () => T): T => atStep(epoch, log.batch, part);
        log.learningRate = atBatch(() => optimizer.learningRate);

        const step = orUncounted<Step>(() =>
          atBatch(() =>
            inOneGo ? wholeStep(...tensors) : watched(batch, log, () => forwardBackward(...tensors)),
          ),
        );
        if (step instanceof Uncounted) {
          averages.add(Number.NaN, step.output, targets, step.weights);
          state.batch = log.batch;
          continue;
        }
        const { output, loss, weights, gradients } = step;
        log.loss = lossValue(loss);
        growth.see(log.loss, epoch);
        atBatch(() => averages.add(log.loss, output, targets, weights));
        log.samples = averages.samples;
        // Without gradients the whole step has already made the update.
        if (gradients) {
          await callbacks.call("onBackward", log, gradients);
          if (stopped()) break;
          atBatch(() => watched(batch, log, () => optimizer.step(gradients)));
        }

        await callbacks.call("onBatchEnd", log);
        if (callbacks.awaits("onBatchEnd")) checked.checkParameters();
        state.batch = log.batch;
        state.learningRate = log.learningRate;
        if (stopped()) break;
        if (checkpoints?.dueAfterStep(log.step)) await save();
      }
      if (stopped()) break;

      if (validation) {
        validationAverages.reset();
        for (const batch of batches(validation, batchSize, { reuse: true })) {
          await yieldToEvents();
          atStep(epoch, "validation", () => {
            const { output, loss, weights } = measure(...tensorsOf(batch));
            validationAverages.add(lossValue(loss), output, batch.targets, weights);
          });
        }
      }

      const means = { ...averages.all(), ...(validation && validationAverages.all()) };
      const { learningRate, seconds } = state;
      const epochLog = { epoch, ...means, learningRate, seconds } as EpochLog;
      const tables = { ...averages.tables(), ...(validation && validationAverages.tables()) };
      history.add(epochLog, checked.hash ? hashTensors(namedTensors(net)) : undefined, tables);
      // Arrays that a callback kept get the newest numbers.
      if (callbacks.awaits("onEpochEnd")) for (const [, x] of parameters) x.data;
      await callbacks.call("onEpochEnd", epochLog);
      state.nextEpoch();
      const more = state.epoch <= epochs && !stopped(); // the last state is saved below
      if (more && checkpoints?.dueAfterEpoch(epoch)) await save();
    }
    const reason = history.stopped;
    end = reason === undefined ? { outcome: "finished" } : { outcome: "stopped", reason };
  } catch (error) {
    end = endBy(error, log, onNaN);
    if (end.outcome === "stopped") history.stopped = end.reason;
    unfinished = error instanceof Unfinished;
  }

  // An aborted or stopped training can be resumed from here, unless a callback or the store is still at work.
  if (end.outcome !== "failed" && !unfinished) {
    await save().catch((error: unknown) => {
      end = endBy(error, log, onNaN);
    });
  }
  wholeStep.release();
  measure.release();
  const errors = await callbacks.end(end);
  await checkpoints?.end();
  endTraining();
  if ("error" in end) errors.unshift(end.error);
  if (errors.length > 1) {
    throw new AggregateError(errors, `fit: training ended, and callbacks failed: ${errors.join("; ")}`);
  }
  if (errors.length === 1) throw errors[0];
  return history;
}

const NO_BATCH = { epoch: 0, batch: 0, step: 0, size: 0, samples: 0, loss: Number.NaN, learningRate: 0 };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
