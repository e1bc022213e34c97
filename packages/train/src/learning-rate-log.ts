import type { BatchLog, Callback } from "./callbacks.ts";

/** The learning rates of a training. */
export interface LearningRateLog extends Callback {
  /** The number of each update, counted from 1 over all epochs. */
  readonly steps: readonly number[];
  /** The rate of each of these updates. */
  readonly rates: readonly number[];
}

/**
 * Keeps the learning rate of every update, to look at what a schedule did; the history has one per epoch. Takes 16
 * bytes or so for each update. Begins anew with each training.
 *
 * @example
 * const log = learningRateLog();
 * await fit(net, train, { ..., callbacks: [log] });
 * log.rates[0];
 */
export function learningRateLog(): LearningRateLog {
  const steps: number[] = [];
  const rates: number[] = [];
  return {
    steps,
    rates,
    onTrainBegin() {
      steps.length = 0;
      rates.length = 0;
    },
    onBatchEnd({ step, learningRate }: BatchLog) {
      steps.push(step);
      rates.push(learningRate);
    },
  };
}
