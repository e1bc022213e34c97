import { ArgumentError, Gradients, type Tensor } from "@gradus/core";
import type { Layer } from "@gradus/nn";
import type { GradientSource } from "@gradus/optim";
import type { hooks } from "./check-callbacks.ts";
import type { EpochLog, History } from "./history.ts";
import type { Stateful } from "./state.ts";
import { Unfinished, type Wait, waiter } from "./wait.ts";

/** The part of an optimizer that `fit` uses; those of `@gradus/optim` have it. */
export interface StepTaker {
  /** The rate of the next step. */
  readonly learningRate: number;
  /** The number of steps so far. */
  readonly stepCount: number;
  /** Changes the parameters by their gradients; must check everything before changing anything. */
  step(gradients: GradientSource): void;
}

/** The training, as callbacks receive it. */
export interface Training {
  /** The net. (For one with several inputs its `forward` takes them by name, which this type does not say.) */
  readonly net: Layer;
  readonly optimizer: StepTaker;
  /** The number of the first epoch; 1 unless the option `startEpoch` is given. */
  readonly startEpoch: number;
  /** The number of the last epoch. */
  readonly epochs: number;
  /** Samples per batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Batches per epoch. */
  readonly batches: number;
  /** Samples per epoch. */
  readonly samples: number;
  /** The names of all values of an {@link EpochLog}, in order. */
  readonly logged: readonly string[];
  /** The names of the tables in `history.tables`, such as that of a confusion matrix. */
  readonly tables: readonly string[];
  /** The finished epochs so far. */
  readonly history: History;
  /** Whether training was resumed from a checkpoint. Then the states of callbacks were restored, and they must not reset. */
  readonly resumed: boolean;
  /**
   * Ends training: no further step is taken. If it is called during a batch, the epoch stays unfinished and is not logged;
   * if it is called before the update, that update is not made. `history.stopped` is the reason of the first call.
   */
  stop(reason: string): void;
}

/**
 * The current batch. `fit` changes the same object for each batch: copy the values you need, and do not keep it.
 */
export interface BatchLog {
  /** Counted from 1. */
  readonly epoch: number;
  /** Number of the batch in its epoch, counted from 1. */
  readonly batch: number;
  /** Number of the batch's update, counted from 1 over all epochs. */
  readonly step: number;
  /** Samples in the batch. */
  readonly size: number;
  /** Samples of the epoch so far, this batch included. */
  readonly samples: number;
  /** The loss of this batch, before its update. */
  readonly loss: number;
  /** The rate of the batch's update. */
  readonly learningRate: number;
  /** The mean of `loss`, or the value of a metric that is a number, over the samples of the epoch so far. */
  average(name: string): number;
}

/** The way in which training ended. */
export type TrainEnd =
  /** All epochs are done. */
  | { readonly outcome: "finished" }
  /** A callback called `training.stop(reason)`. */
  | { readonly outcome: "stopped"; readonly reason: string }
  /** The signal was aborted; `error` is its reason. */
  | { readonly outcome: "aborted"; readonly error: unknown }
  /** `error` was thrown. */
  | { readonly outcome: "failed"; readonly error: unknown };

/**
 * Functions (hooks) that `fit` calls at certain moments of a training. All are optional; if one returns a promise, `fit`
 * waits for it. Callbacks are called in the order in which they were given. If a hook throws, training ends and `fit`
 * throws the same error.
 *
 * @example
 * const printer: Callback = { onEpochEnd: ({ epoch, loss }) => console.log(epoch, loss) };
 */
export interface Callback {
  /** The name of its state in checkpoints; needed with `state`. */
  readonly name?: string;
  /** A copy of its state, as `PlainData`, for checkpoints. Default: it has no state. */
  state?(): unknown;
  /**
   * Takes a state back, before `onTrainBegin`, which must not reset it (`training.resumed` is true). If it throws, it must
   * not have changed anything.
   */
  restore?(state: unknown, training: Training): void;
  /** Once, after all checks and before the first change. */
  onTrainBegin?(training: Training): unknown;
  /** Before each epoch, counted from 1. */
  onEpochBegin?(epoch: number, training: Training): unknown;
  /** In each batch after `backward`, before the weights are updated. */
  onBackward?(batch: BatchLog, gradients: GradientSource, training: Training): unknown;
  /** After each update. */
  onBatchEnd?(batch: BatchLog, training: Training): unknown;
  /** After each finished epoch and its validation; `log` is already part of the history. */
  onEpochEnd?(log: EpochLog, training: Training): unknown;
  /** Once at the end of every training, also a failed one, if `onTrainBegin` did not throw. */
  onTrainEnd?(end: TrainEnd, training: Training): unknown;
}

/**
 * The loss of a batch, as *one* number: the mean over its samples. Most losses of core are such functions.
 *
 * In the mean of an epoch a batch counts by its samples; if the loss calls {@link weightedMean}, crossEntropy or nll (once, or
 * with the same weights), by the sum of the weights that these divide by. A loss with weights of its own uses weightedMean:
 *
 * If the dataset has weights, it is a loss of core, or gives a loss for each sample, [n, ...], as with `reduction: "none"`.
 *
 * @example
 * // Targets [n, 2]: a value, and its weight.
 * const loss: Loss = (output, targets) => {
 *   const [value, weight] = targets.split({ sizes: 1, axis: 1 });
 *   return weightedMean(mse(output, value, { reduction: "none" }), weight);
 * };
 */
export type Loss = (output: Tensor, targets: Tensor) => Tensor;

type Hook = (typeof hooks)[number];

const GRADIENTS_RETURNED =
  "fit: a callback returned gradients, which nothing reads: the step takes those of the loss; " +
  "to clip them, pass clip: { globalNorm: 1 } to the optimizer";

/** The arguments of a hook, without the training. */
type Given<H extends Hook> =
  Parameters<Required<Callback>[H]> extends [...infer Args, Training] ? Args : never;

/** The callbacks of gradus itself, which change nothing that a net or loss could read beside the tensors of the net. */
const ownCallbacks = new WeakSet<Callback>();

/** Marks a callback as one of gradus itself. @internal */
export function ownCallback<C extends Callback>(callback: C): C {
  ownCallbacks.add(callback);
  return callback;
}

/** The callbacks of one training; calls them in order. @internal */
export class Callbacks {
  readonly #all: readonly Callback[];
  readonly #begun: Callback[] = [];
  readonly #training: Training;
  readonly #wait: Wait;

  constructor(all: readonly Callback[], training: Training, wait: Wait = waiter(undefined)) {
    this.#all = all;
    this.#training = training;
    this.#wait = wait;
  }

  /** The callbacks that have a state, as parts of a checkpoint. */
  get parts(): Readonly<Record<string, Stateful>> {
    const parts = this.#all.flatMap((callback) => {
      if (!callback.state) return [];
      const restore = (saved: unknown): void => callback.restore?.(saved, this.#training);
      return [[`callback ${callback.name}`, { state: () => callback.state?.(), restore }] as const];
    });
    return Object.fromEntries(parts);
  }

  async begin(): Promise<void> {
    for (const callback of this.#all) {
      await this.#wait(callback.onTrainBegin?.(this.#training));
      this.#begun.push(callback);
    }
  }

  /** Calls a hook of each callback, and waits if it returns a promise. */
  async call<H extends Hook>(hook: H, ...given: Given<H>): Promise<void> {
    for (const callback of this.#all) {
      const run = callback[hook] as ((...args: unknown[]) => unknown) | undefined;
      if (!run) continue;
      const pending = run.call(callback, ...given, this.#training);
      if (pending === undefined) continue;
      if ((await this.#wait(pending)) instanceof Gradients) throw new ArgumentError(GRADIENTS_RETURNED);
    }
  }

  /** Whether code of a program waits for this hook. */
  awaits(hook: Hook): boolean {
    return this.#all.some((callback) => callback[hook] && !ownCallbacks.has(callback));
  }

  /** Calls `onTrainEnd` of all callbacks that were begun, also if some throw. @returns the errors. */
  async end(end: TrainEnd): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const callback of this.#begun) {
      try {
        await this.#wait(callback.onTrainEnd?.(end, this.#training));
      } catch (error) {
        if (!(error instanceof Unfinished)) errors.push(error);
        else if (end.outcome !== "aborted") errors.push(error.reason);
      }
    }
    return errors;
  }
}
