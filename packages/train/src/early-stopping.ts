import { ArgumentError, FormatError, show } from "@gradus/core";
import type { Callback, Training } from "./callbacks.ts";
import { checkFlag } from "./checks.ts";
import type { EpochLog } from "./history.ts";
import { type Direction, directionOf, isBetter } from "./metric-names.ts";
import { Snapshot } from "./snapshot.ts";

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions {
  /** The value of the history to watch. Default `"valLoss"`. */
  readonly monitor?: string;
  /** Whether less or more is better. Default: `"min"` for losses, `"max"` for accuracies; others must say. */
  readonly direction?: Direction;
  /** How many epochs in a row without improvement end training, a whole number ≥ 1. Default 5. */
  readonly patience?: number;
  /** By how much a value must be better to count as an improvement, ≥ 0. Default 0: anything better counts. */
  readonly minDelta?: number;
  /** Whether the net ends with the weights of its best epoch, in whatever way training ends. Default true. */
  readonly restoreBest?: boolean;
}

/** What {@link earlyStopping} found. */
export interface EarlyStopping extends Callback {
  /** The epoch with the best value so far. */
  readonly bestEpoch: number | undefined;
  /** The best value so far. */
  readonly bestValue: number | undefined;
}

/**
 * Ends training when a value has stopped improving, and gives the net the weights of its best epoch.
 *
 * With `restoreBest` the net ends with the best weights *however* training ends: stopped, all epochs done, aborted or
 * thrown out of, buffers such as running statistics included, bit for bit. Two things are not part of it: the state of
 * the optimizer, and an epoch that was not finished. Without a finished epoch the weights stay as they are.
 *
 * The best epoch is the one with the best value; `minDelta` only decides about patience. (In Keras small improvements
 * are lost: its best weights are those of the last improvement by more than min_delta.) NaN is never an improvement.
 *
 * @throws ArgumentError for options out of range; when training begins, for a value that will not be logged.
 * @example
 * const stopping = earlyStopping({ monitor: "valLoss", patience: 3 });
 * await fit(net, train, { ..., validation, callbacks: [stopping] });
 * stopping.bestEpoch;
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const { monitor = "valLoss", patience = 5, minDelta = 0, restoreBest = true } = options;
  const who = "earlyStopping";
  if (typeof monitor !== "string") {
    throw new ArgumentError(`${who}: monitor must be the name of a value, got ${show(monitor)}`);
  }
  if (!Number.isSafeInteger(patience) || patience < 1) {
    throw new ArgumentError(`${who}: patience must be a whole number of epochs ≥ 1, got ${show(patience)}`);
  }
  if (!Number.isFinite(minDelta) || minDelta < 0) {
    throw new ArgumentError(`${who}: minDelta must be a finite number ≥ 0, got ${show(minDelta)}`);
  }
  checkFlag(`${who}: restoreBest`, restoreBest);
  const direction = directionOf(who, monitor, options.direction);
  return new Stopper({ monitor, direction, patience, minDelta, restoreBest });
}

class Stopper implements EarlyStopping {
  readonly name = "earlyStopping";
  bestEpoch: number | undefined;
  bestValue: number | undefined;
  readonly #options: Required<EarlyStoppingOptions>;
  /** The value that later ones must beat by more than minDelta. */
  #reference = Number.NaN;
  #waited = 0;
  #best: Snapshot | undefined;

  constructor(options: Required<EarlyStoppingOptions>) {
    this.#options = options;
  }

  state(): object {
    const [bestEpoch, bestValue] = [this.bestEpoch ?? null, this.bestValue ?? null];
    const best = this.#best?.stored.state() ?? null;
    return { bestEpoch, bestValue, reference: this.#reference, waited: this.#waited, best };
  }

  restore(state: unknown, { net }: Training): void {
    const { bestEpoch, bestValue, reference, waited, best } = Object(state) as Record<string, unknown>;
    const found = bestEpoch !== null;
    const fits =
      (found ? Number.isSafeInteger(bestEpoch) && typeof bestValue === "number" : bestValue === null) &&
      typeof reference === "number" &&
      Number.isSafeInteger(waited);
    if (!fits) throw new FormatError(`earlyStopping: not a state: ${show(state)}`);
    let snapshot: Snapshot | undefined;
    if (best !== null) {
      snapshot = new Snapshot(net);
      snapshot.stored.restore(best);
    }
    this.bestEpoch = found ? (bestEpoch as number) : undefined;
    this.bestValue = found ? (bestValue as number) : undefined;
    this.#reference = reference;
    this.#waited = waited as number;
    this.#best = snapshot;
  }

  onTrainBegin({ logged, resumed }: Training): void {
    const { monitor } = this.#options;
    if (!logged.includes(monitor)) {
      const hint = /^val[A-Z]/.test(monitor) ? "pass validation data to fit, or monitor" : "monitor";
      throw new ArgumentError(
        `earlyStopping: no ${show(monitor)} will be logged; ${hint} one of ${logged.join(", ")}`,
      );
    }
    if (resumed) return;
    this.bestEpoch = undefined;
    this.bestValue = undefined;
    this.#reference = Number.NaN;
    this.#waited = 0;
    this.#best = undefined;
  }

  onEpochEnd(log: EpochLog, training: Training): void {
    const { monitor, direction, patience, minDelta, restoreBest } = this.#options;
    const value = log[monitor] ?? Number.NaN;
    if (isBetter(value, this.bestValue ?? Number.NaN, direction)) {
      this.bestEpoch = log.epoch;
      this.bestValue = value;
      if (restoreBest) this.#keep(training.net);
    }
    const bar = direction === "min" ? this.#reference - minDelta : this.#reference + minDelta;
    if (isBetter(value, bar, direction)) {
      this.#reference = value;
      this.#waited = 0;
      return;
    }
    this.#waited++;
    if (this.#waited >= patience) {
      const best =
        this.bestEpoch === undefined ? "it was never a number" : `best was epoch ${this.bestEpoch}`;
      training.stop(
        `earlyStopping: ${monitor} did not improve in ${this.#waited} epoch${patience === 1 ? "" : "s"}; ${best}`,
      );
    }
  }

  onTrainEnd(): void {
    this.#best?.restore();
    this.#best = undefined;
  }

  #keep(net: object): void {
    if (this.#best === undefined) this.#best = new Snapshot(net);
    else this.#best.take();
  }
}
