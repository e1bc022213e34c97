import { ArgumentError, hashTensors, show, type Tensor } from "@gradus/core";
import { type Batch, batches, type Dataset } from "@gradus/data";
import { type Layer, namedTensors } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import { Averages } from "./averages.ts";
import { Breather } from "./breather.ts";
import { CallbackList } from "./callback-list.ts";
import type { BatchLog, TrainEnd, Training } from "./callbacks.ts";
import { evaluation, measurement } from "./evaluate.ts";
import { type Abortable, type FitOptions, type Plan, planFit } from "./fit-options.ts";
import { type EpochLog, History } from "./history.ts";
import { validationName } from "./metric-names.ts";
import { lossValue } from "./rehearsal.ts";
import { NonFinite, TrainingSteps } from "./step.ts";
import { StopOnNaN } from "./stop-on-nan.ts";

declare const performance: { now(): number };

/** The nets that are being trained now. */
const busy = new WeakSet<Layer>();

/**
 * Trains a net: goes through the data in random order, batch by batch, `epochs` times, and lets the optimizer change
 * the weights after each batch.
 *
 * Everything is checked, and tried out on two samples, before any weight changes. Each epoch draws from a stream of its
 * own, `rng.split("epoch 3")`, so that it does not matter whether earlier epochs ran in the same process; a second call
 * with the same `rng` therefore draws the same numbers, unless it goes on at another `startEpoch`. Training gives the
 * rest of the program a turn every 50 ms. If it is aborted or fails, the weights are those of the last finished step.
 *
 * The loss and metrics of an epoch are means over its samples: each batch counts by its size, and is measured with the
 * weights it was trained on.
 *
 * @param dataset what to train on, at least one sample.
 * @param options see {@link FitOptions}.
 * @returns the history: loss, metrics and time of each finished epoch.
 * @throws ArgumentError or ShapeError for options that do not fit; DivergenceError for a loss or gradient that is not
 *   finite; the signal's reason when aborted; whatever a callback, the loss or the net throws. If callbacks fail at the
 *   end on top of that, an AggregateError of all errors, the first one first.
 * @example
 * const history = await fit(net, train, {
 *   optimizer: new Adam(namedParameters(net)), loss: crossEntropy, epochs: 3, batchSize: 64, rng,
 * });
 */
export async function fit(net: Layer, dataset: Dataset, options: FitOptions): Promise<History> {
  const plan = planFit(net, dataset, options);
  if (plan.signal?.aborted) throw plan.signal.reason;
  if (busy.has(net)) {
    throw new ArgumentError("fit: this net is being trained already; await the first fit before the next");
  }
  busy.add(net);
  try {
    return await new Fit(plan).run();
  } finally {
    busy.delete(net);
  }
}

/** One training from begin to end. */
class Fit {
  readonly #plan: Plan;
  readonly #steps: TrainingSteps;
  /** Whether a step can be done in one go, as nobody wants to see the gradients before the update. */
  readonly #whole: boolean;
  readonly #guard: StopOnNaN | undefined;
  readonly #measure: ReturnType<typeof measurement>;
  readonly #averages: Averages;
  readonly #callbacks: CallbackList;
  readonly #training: Training;
  readonly #batch: Mutable<BatchLog>;
  readonly #history: History = new History();
  readonly #breather: Breather = new Breather();
  #ended = false;

  constructor(plan: Plan) {
    const { net, dataset, optimizer, loss, metrics, batchSize, dropLast, callbacks } = plan;
    const given = callbacks.find((callback) => callback instanceof StopOnNaN);
    const guard = given ?? (plan.stopOnNaN ? new StopOnNaN({}) : undefined);
    const averages = new Averages(metrics);
    const names = averages.names;
    const count = batches(dataset, batchSize, { dropLast }).length;
    this.#plan = plan;
    this.#steps = new TrainingSteps(net, loss, optimizer, guard !== undefined);
    this.#whole =
      plan.compile &&
      optimizer instanceof Optimizer &&
      !callbacks.some((callback) => callback.onBackward && callback !== guard);
    this.#guard = guard;
    this.#measure = measurement("fit: validation", net, loss, plan.compile);
    this.#averages = averages;
    this.#callbacks = new CallbackList(given || !guard ? callbacks : [guard, ...callbacks]);
    this.#training = {
      net,
      optimizer,
      startEpoch: plan.startEpoch,
      epochs: plan.epochs,
      batchSize,
      batches: count,
      samples: dropLast ? count * batchSize : dataset.size,
      logged: [...names, ...(plan.validation ? names.map(validationName) : []), "learningRate", "seconds"],
      history: this.#history,
      stop: (reason) => {
        if (typeof reason !== "string") {
          throw new ArgumentError(`training.stop: needs a reason as text, got ${show(reason)}`);
        }
        if (!this.#ended) this.#history.stopped ??= reason;
      },
    };
    const before = { epoch: 0, batch: 0, step: 0, size: 0, samples: 0, loss: Number.NaN, learningRate: 0 };
    this.#batch = { ...before, average: (name) => averages.get(name) };
  }

  async run(): Promise<History> {
    const end = await this.#outcome();
    this.#ended = true;
    this.#steps.release();
    this.#measure.release();
    const errors = await this.#callbacks.end(end, this.#training);
    if ("error" in end) errors.unshift(end.error);
    if (errors.length > 1) {
      throw new AggregateError(errors, `fit: training ended, and callbacks failed: ${errors.join("; ")}`);
    }
    if (errors.length === 1) throw errors[0];
    return this.#history;
  }

  get #stopped(): boolean {
    return this.#history.stopped !== undefined;
  }

  async #outcome(): Promise<TrainEnd> {
    const { startEpoch, epochs } = this.#plan;
    try {
      await this.#callbacks.begin(this.#training);
      for (let epoch = startEpoch; epoch <= epochs && !this.#stopped; epoch++) await this.#epoch(epoch);
    } catch (error) {
      if (error instanceof Aborted) return { outcome: "aborted", error: error.reason };
      return { outcome: "failed", error };
    }
    const reason = this.#history.stopped;
    return reason === undefined ? { outcome: "finished" } : { outcome: "stopped", reason };
  }

  async #epoch(epoch: number): Promise<void> {
    const began = performance.now();
    checkSignal(this.#plan.signal);
    await this.#callbacks.each((callback) => callback.onEpochBegin?.(epoch, this.#training));
    if (!this.#stopped) await this.#pass(epoch);
    if (this.#stopped) return;
    const values = { ...this.#averages.all(), ...(await this.#validate()) };
    const log: EpochLog = {
      epoch,
      ...values,
      learningRate: this.#batch.learningRate,
      seconds: (performance.now() - began) / 1000,
    };
    this.#history.add(log, this.#plan.hash ? hashTensors(namedTensors(this.#plan.net)) : undefined);
    await this.#callbacks.each((callback) => callback.onEpochEnd?.(log, this.#training));
  }

  /** All batches of an epoch, until stopped. */
  async #pass(epoch: number): Promise<void> {
    const { dataset, batchSize, dropLast, optimizer, signal } = this.#plan;
    const stream = this.#plan.rng.split(`epoch ${epoch}`);
    this.#steps.draw(stream.split("layers"));
    const log = this.#batch;
    log.epoch = epoch;
    log.batch = 0;
    this.#averages.reset();
    const order = stream.split("order");
    for (const batch of batches(dataset, batchSize, { rng: order, dropLast, reuse: true })) {
      if (this.#breather.due) await this.#breather.breathe();
      checkSignal(signal);
      log.batch++;
      log.step = optimizer.stepCount + 1;
      log.size = batch.targets.shape[0];
      log.learningRate = optimizer.learningRate;
      if (this.#whole) this.#takeWhole(batch);
      else await this.#take(batch);
      if (this.#stopped) return;
      await this.#callbacks.each((callback) => callback.onBatchEnd?.(log, this.#training));
      if (this.#stopped) return;
    }
  }

  /** A step op by op: callbacks see the gradients before the weights are updated, and may prevent it. */
  async #take(batch: Batch): Promise<void> {
    const { output, loss, gradients } = this.#steps.forwardBackward(batch);
    this.#measured(output, loss, batch);
    await this.#callbacks.each((callback) => callback.onBackward?.(this.#batch, gradients, this.#training));
    if (!this.#stopped) this.#plan.optimizer.step(gradients);
  }

  /** A step in one go. */
  #takeWhole(batch: Batch): void {
    try {
      const { output, loss } = this.#steps.whole(batch);
      this.#measured(output, loss, batch);
    } catch (error) {
      if (!(error instanceof NonFinite)) throw error;
      this.#batch.loss = error.loss;
      this.#guard?.report(error, this.#batch, this.#training);
    }
  }

  #measured(output: Tensor, loss: Tensor, { targets }: Batch): void {
    const log = this.#batch;
    log.loss = lossValue(loss);
    this.#averages.add(log.loss, output, targets);
    log.samples = this.#averages.samples;
  }

  async #validate(): Promise<Record<string, number>> {
    const { validation, signal } = this.#plan;
    if (!validation) return {};
    const steps = evaluation(validation, this.#measure, this.#plan);
    for (;;) {
      if (this.#breather.due) await this.#breather.breathe();
      checkSignal(signal);
      const step = steps.next();
      if (step.done) {
        return Object.fromEntries(
          Object.entries(step.value).map(([name, value]) => [validationName(name), value]),
        );
      }
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Carries the reason of a signal out of the loops, so that it is not taken for a failure. */
class Aborted {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function checkSignal(signal: Abortable | undefined): void {
  if (signal?.aborted) throw new Aborted(signal.reason);
}
