import { ArgumentError, hashTensors, show, type Tensor } from "@gradus/core";
import { type Batch, batches, type Dataset, type PassBatch } from "@gradus/data";
import { type Layer, namedTensors } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import { Aborted, checkSignal } from "./aborted.ts";
import { Averages } from "./averages.ts";
import { Breather } from "./breather.ts";
import { CallbackList, callbackParts } from "./callback-list.ts";
import type { BatchLog, StepTaker, TrainEnd, Training } from "./callbacks.ts";
import type { Parts } from "./checkpoint/checkpoint.ts";
import type { Stateful } from "./checkpoint/stateful.ts";
import { evaluation, measurement } from "./evaluate.ts";
import { type FitOptions, type Plan, planFit } from "./fit-options.ts";
import { type EpochLog, History } from "./history.ts";
import { validationName } from "./metric-names.ts";
import { lossValue } from "./rehearsal.ts";
import { NonFinite, TrainingSteps } from "./step.ts";
import { StopOnNaN } from "./stop-on-nan.ts";
import { TrainingState } from "./training-state.ts";
import { StepTrap } from "./trap.ts";

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
 *   finite, TrainingNumericsError with `numerics: "trap"`; FormatError or StorageError for checkpoints; the signal's reason
 *   when aborted; whatever a callback, the loss or the net throws. If callbacks fail at the end on top of that, an
 *   AggregateError of all errors, the first one first.
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
  readonly #trap: StepTrap | undefined;
  readonly #measure: ReturnType<typeof measurement>;
  readonly #averages: Averages;
  readonly #callbacks: CallbackList;
  readonly #training: Mutable<Training>;
  readonly #state: TrainingState;
  /** What goes into a checkpoint. */
  readonly #parts: Parts;
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
    this.#trap = plan.numerics === "trap" ? new StepTrap(net) : undefined;
    this.#whole =
      plan.compile &&
      !this.#trap &&
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
      resumed: false,
      stop: (reason) => {
        if (typeof reason !== "string") {
          throw new ArgumentError(`training.stop: needs a reason as text, got ${show(reason)}`);
        }
        if (!this.#ended) this.#history.stopped ??= reason;
      },
    };
    const settings = { batchSize, samples: dataset.size, dropLast, stream: plan.rng.state().stream };
    this.#state = new TrainingState(plan.startEpoch, count, settings);
    this.#parts = {
      training: this.#state,
      net,
      optimizer: optimizer as StepTaker & Stateful, // checked with the options
      history: this.#history,
      averages,
      layers: this.#steps.rng,
      ...callbackParts(callbacks, this.#training),
      ...plan.checkpoints?.also,
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
    const { checkpoints, resume, epochs } = this.#plan;
    const state = this.#state;
    try {
      this.#training.resumed = (await checkpoints?.begin(this.#parts, resume)) ?? false;
      await this.#callbacks.begin(this.#training);
      while (state.epoch <= epochs && !this.#stopped) await this.#epoch();
      await this.#save();
    } catch (error) {
      if (error instanceof Aborted) return await this.#aborted(error.reason);
      return { outcome: "failed", error };
    }
    const reason = this.#history.stopped;
    return reason === undefined ? { outcome: "finished" } : { outcome: "stopped", reason };
  }

  /** Saves a checkpoint, if training keeps any. */
  async #save(): Promise<void> {
    await this.#plan.checkpoints?.save(this.#parts, this.#plan.optimizer.stepCount);
  }

  /** Saves what was done before training was aborted. */
  async #aborted(reason: unknown): Promise<TrainEnd> {
    try {
      await this.#save();
    } catch (error) {
      return { outcome: "failed", error };
    }
    return { outcome: "aborted", error: reason };
  }

  /** The epoch that comes next, or the rest of one that was broken off. */
  async #epoch(): Promise<void> {
    const state = this.#state;
    const { epoch } = state;
    state.startClock();
    checkSignal(this.#plan.signal);
    await this.#callbacks.each((callback) => callback.onEpochBegin?.(epoch, this.#training));
    if (!this.#stopped) await this.#pass();
    if (this.#stopped) return;
    const values = { ...this.#averages.all(), ...(await this.#validate()) };
    const log: EpochLog = { epoch, ...values, learningRate: state.learningRate, seconds: state.seconds };
    this.#history.add(log, this.#plan.hash ? hashTensors(namedTensors(this.#plan.net)) : undefined);
    await this.#callbacks.each((callback) => callback.onEpochEnd?.(log, this.#training));
    state.nextEpoch();
    const last = state.epoch > this.#plan.epochs || this.#stopped; // the end of training saves anyway
    if (!last && this.#plan.checkpoints?.dueAfterEpoch(epoch)) await this.#save();
  }

  /** All batches of the epoch that are not done yet, until stopped. */
  async #pass(): Promise<void> {
    const { dataset, batchSize, dropLast, optimizer, signal, checkpoints } = this.#plan;
    const state = this.#state;
    const { epoch, batch: skip } = state;
    const stream = this.#plan.rng.split(`epoch ${epoch}`);
    const log = this.#batch;
    log.epoch = epoch;
    log.batch = skip;
    if (skip === 0) {
      this.#steps.rng.become(stream.split("layers"));
      this.#averages.reset();
    }
    const order = stream.split("order");
    for (const batch of batches(dataset, batchSize, { rng: order, dropLast, reuse: true, skip })) {
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
      state.batch = log.batch;
      state.learningRate = log.learningRate;
      if (this.#stopped) return;
      if (checkpoints?.dueAfterStep(log.step)) await this.#save();
    }
  }

  /** A step op by op: callbacks see the gradients before the weights are updated, and may prevent it. */
  async #take(batch: PassBatch): Promise<void> {
    const watched = <T>(part: () => T): T => (this.#trap ? this.#trap.run(batch, this.#batch, part) : part());
    const { output, loss, gradients } = watched(() => this.#steps.forwardBackward(batch));
    this.#measured(output, loss, batch);
    await this.#callbacks.each((callback) => callback.onBackward?.(this.#batch, gradients, this.#training));
    if (!this.#stopped) watched(() => this.#plan.optimizer.step(gradients));
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
