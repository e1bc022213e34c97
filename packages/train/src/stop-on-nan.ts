import { ArgumentError, GradusError, type NamedParameter, show, tensor } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import type { GradientSource } from "@gradus/optim";
import type { BatchLog, Callback, Training } from "./callbacks.ts";
import { NonFinite, refuseNonFinite } from "./step.ts";

/** Training ran into a loss or gradient that is NaN or infinite. The weights are those before that step. */
export class DivergenceError extends GradusError {
  override name = "DivergenceError";
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
  /** The loss of the batch; finite if it was a gradient that was not. */
  readonly loss: number;

  constructor(message: string, { epoch, batch, step, loss }: BatchLog) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
    this.step = step;
    this.loss = loss;
  }
}

/** Options of {@link stopOnNaN}. */
export interface StopOnNaNOptions {
  /** `"throw"` a {@link DivergenceError} (the default), or `"stop"`: `fit` ends and returns its history. */
  readonly action?: "throw" | "stop";
}

/**
 * Ends training at the first loss or gradient that is NaN or infinite, and says where: epoch, batch, step, the loss, and
 * the first parameter with such a gradient. It looks before the update, so that the weights stay those of the last
 * good step. (Running statistics, as of BatchNorm1d, have followed the bad batch by then; early stopping puts them
 * back to those of its best epoch.)
 *
 * `fit` does this by itself; use it to end without an error, or pass `stopOnNaN: false` to `fit` to do without.
 *
 * @throws ArgumentError for an unknown action.
 * @example await fit(net, train, { ..., callbacks: [stopOnNaN({ action: "stop" })] });
 */
export function stopOnNaN(options: StopOnNaNOptions = {}): Callback {
  return new StopOnNaN(options);
}

/** A class, so that `fit` can tell whether it is there already. @internal */
export class StopOnNaN implements Callback {
  readonly #action: "throw" | "stop";
  #parameters: readonly NamedParameter[] = [];

  constructor({ action = "throw" }: StopOnNaNOptions) {
    if (action !== "throw" && action !== "stop") {
      throw new ArgumentError(`stopOnNaN: action must be "throw" or "stop", got ${show(action)}`);
    }
    this.#action = action;
  }

  onTrainBegin({ net }: Training): void {
    this.#parameters = namedParameters(net);
  }

  onBackward(batch: BatchLog, gradients: GradientSource, training: Training): void {
    try {
      refuseNonFinite(tensor(batch.loss), gradients, this.#parameters);
    } catch (error) {
      if (!(error instanceof NonFinite)) throw error;
      this.report(error, batch, training);
    }
  }

  /** Ends training for what was found. */
  report({ loss, parameter }: NonFinite, batch: BatchLog, training: Training): void {
    const found =
      parameter === undefined
        ? `the loss is ${loss}`
        : `the gradient of ${show(parameter)} is not finite, at a loss of ${loss},`;
    const message =
      `${found} in epoch ${batch.epoch}, batch ${batch.batch} (step ${batch.step}); the weights are left as they were ` +
      "before that step. Try a lower learning rate or clipping, and check that the inputs are scaled; fit with " +
      'numerics: "trap" finds the op where it began';
    if (this.#action === "throw") throw new DivergenceError(`fit: ${message}`, batch);
    training.stop(message);
  }
}
