import { ArgumentError, FormatError, noMore, ranges, resolveOptions, show, type Tensor } from "@gradus/core";
import { namedTensors } from "@gradus/nn";
import { type Callback, ownCallback, type Training } from "./callbacks.ts";
import { checkedLater } from "./checks.ts";
import type { EpochLog } from "./history.ts";
import { type Direction, directionOf, isBetter } from "./metrics.ts";
import { TensorsState } from "./state.ts";

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions {
  /** The name of the watched value of the history. Default `"valLoss"`. */
  readonly monitor?: string;
  /** Whether less or more is better. Default: that of the name, as for `history.best`. */
  readonly direction?: Direction;
  /** The number of epochs in a row without improvement after which training ends, a whole number ≥ 1. Default 5. */
  readonly patience?: number;
  /** The least difference that counts as an improvement, ≥ 0. Default 0: any better value counts. */
  readonly minDelta?: number;
  /** Whether to restore the weights of the best epoch when training ends, for any reason. Default true. */
  readonly restoreBest?: boolean;
}

/** The callback that {@link earlyStopping} returns, with the best epoch. */
export interface EarlyStopping extends Callback {
  /** The epoch with the best value so far. */
  readonly bestEpoch: number | undefined;
  /** The best value so far. */
  readonly bestValue: number | undefined;
}

/**
 * Ends training when a value has stopped improving, and restores the weights of the best epoch.
 *
 * With `restoreBest` the weights and buffers (such as running statistics) are restored bit for bit at *every* end of
 * training: stopped, finished, aborted or failed. The state of the optimizer is not restored, and an unfinished epoch does
 * not count. Without a finished epoch the weights stay as they are.
 *
 * The best epoch is the one with the best value; `minDelta` affects only patience. (Keras ignores small improvements:
 * its best weights are those of the last improvement by more than min_delta.) NaN is never an improvement.
 *
 * @throws ArgumentError for options out of range; when training begins, for a value that will not be logged.
 * @example
 * const stopping = earlyStopping({ monitor: "valLoss", patience: 3 });
 * await fit(net, train, { ..., validation, callbacks: [stopping] });
 * stopping.bestEpoch;
 */
export function earlyStopping(
  options: EarlyStoppingOptions = {},
  ...extra: readonly undefined[]
): EarlyStopping {
  noMore("earlyStopping", "options", extra);
  const resolved = resolveOptions<Resolved>("earlyStopping", options, defaults, allowed);
  const direction = directionOf("earlyStopping", resolved.monitor, resolved.direction);
  return ownCallback(new Stopper({ ...resolved, direction }));
}

const allowed = {
  monitor: ranges.text,
  direction: checkedLater,
  patience: ranges.positiveCount,
  minDelta: ranges.nonNegative,
  restoreBest: ranges.flag,
};

const defaults = { monitor: "valLoss", patience: 5, minDelta: 0, restoreBest: true };

type Resolved = typeof defaults & { readonly direction: Direction | undefined };

class Stopper implements EarlyStopping {
  readonly name = "earlyStopping";
  bestEpoch: number | undefined;
  bestValue: number | undefined;
  readonly #options: Required<EarlyStoppingOptions>;
  /** Later values must be better than this by more than minDelta. */
  #reference = Number.NaN;
  #waited = 0;
  /** The tensors of the net. */
  #tensors = new TensorsState([]);
  /** A copy of them from the best epoch. */
  #best: Readonly<Record<string, Tensor>> | undefined;

  constructor(options: Required<EarlyStoppingOptions>) {
    this.#options = options;
  }

  state(): object {
    const [bestEpoch, bestValue] = [this.bestEpoch ?? null, this.bestValue ?? null];
    const best = this.#best ?? null;
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
    const copy = best === null ? undefined : new TensorsState(namedTensors(net)).checked(best);
    this.bestEpoch = found ? (bestEpoch as number) : undefined;
    this.bestValue = found ? (bestValue as number) : undefined;
    this.#reference = reference;
    this.#waited = waited as number;
    this.#best = copy;
  }

  onTrainBegin({ net, logged, resumed }: Training): void {
    const { monitor } = this.#options;
    if (!logged.includes(monitor)) {
      const hint = /^val[A-Z]/.test(monitor) ? "pass validation data to fit, or monitor" : "monitor";
      throw new ArgumentError(
        `earlyStopping: no ${show(monitor)} will be logged; ${hint} one of ${logged.join(", ")}`,
      );
    }
    this.#tensors = new TensorsState(namedTensors(net));
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
      if (restoreBest) this.#best = this.#tensors.state();
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
    if (this.#best) this.#tensors.restore(this.#best);
    this.#best = undefined;
  }
}
