import { FormatError, noMore, show, tagOf } from "@gradus/core";
import { type BatchLog, type Callback, ownCallback } from "./callbacks.ts";

/** The learning rates of a training. */
export interface LearningRateLog extends Callback {
  /** The number of each update, counted from 1 over all epochs. */
  readonly steps: readonly number[];
  /** The rate of each of these updates. */
  readonly rates: readonly number[];
}

/**
 * Keeps the learning rate of every update, to check a schedule; the history has one rate per epoch. Takes about 16
 * bytes per update. Is emptied when a training begins.
 *
 * @example
 * const log = learningRateLog();
 * await fit(net, train, { ..., callbacks: [log] });
 * log.rates[0];
 */
export function learningRateLog(...extra: readonly undefined[]): LearningRateLog {
  noMore("learningRateLog", "", extra);
  const steps: number[] = [];
  const rates: number[] = [];
  return ownCallback({
    steps,
    rates,
    name: "learningRateLog",
    state: () => ({ steps: Float64Array.from(steps), rates: Float64Array.from(rates) }),
    restore(state) {
      const saved = Object(state) as Record<"steps" | "rates", Float64Array>;
      if (tagOf(saved.steps) !== "Float64Array" || tagOf(saved.rates) !== "Float64Array") {
        throw new FormatError(`learningRateLog: not a state: ${show(state)}`);
      }
      steps.length = 0;
      rates.length = 0;
      for (const step of saved.steps) steps.push(step);
      for (const rate of saved.rates) rates.push(rate);
    },
    onTrainBegin({ resumed }) {
      if (resumed) return;
      steps.length = 0;
      rates.length = 0;
    },
    onBatchEnd({ step, learningRate }: BatchLog) {
      steps.push(step);
      rates.push(learningRate);
    },
  });
}
