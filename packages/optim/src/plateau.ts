import { ArgumentError, check, FormatError, noMore, ranges, resolveOptions, show } from "@gradus/core";
import { refuseOperators } from "@gradus/core/internal";
import type { Schedule } from "./schedules.ts";

/** Options of {@link Plateau}; the defaults are those of PyTorch's ReduceLROnPlateau. */
export interface PlateauOptions {
  /** Whether a smaller (`"min"`, a loss) or a larger (`"max"`, an accuracy) metric is better. Default `"min"`. */
  readonly mode?: "min" | "max";
  /** In [0, 1): the rate is multiplied by it. Default 0.1. */
  readonly factor?: number;
  /** Number of observations without improvement before the rate is lowered at the next one. Default 10. */
  readonly patience?: number;
  /** The least improvement that counts: threshold·|best| if `relative`, else threshold. Default 1e-4. */
  readonly threshold?: number;
  /** Whether `threshold` is relative to the best metric. Default true. */
  readonly relative?: boolean;
  /** Number of observations after a reduction that do not count as bad. Default 0. */
  readonly cooldown?: number;
  /** The rate never falls below this. Default 0. */
  readonly minimum?: number;
  /** The rate is lowered only by more than this (`eps` in PyTorch). Default 1e-8. */
  readonly epsilon?: number;
}

/** The state of a {@link Plateau}, as plain data. */
export interface PlateauState {
  readonly version: 1;
  readonly rate: number;
  /** The best metric so far, null before the first. */
  readonly best: number | null;
  /** Number of observations without improvement since the best one or the last reduction. */
  readonly bad: number;
  /** Number of observations to come that do not count as bad. */
  readonly cooling: number;
}

/**
 * Lowers the learning rate when a metric stops improving; the only schedule with a state. Keras' ReduceLROnPlateau lowers
 * it one observation earlier (its patience 10 is 9 here). With mode "min", patience 1 and cooldown 1:
 *
 *     metric    9   7   7   7   7   7   7
 *     bad       0   0   1   2→0 0   1   2→0    counts observations without improvement
 *     cooling   0   0   0   1   0   0   1      after a reduction: the next one does not count as bad
 *     rate      1   1   1   .1  .1  .1  .01    lowered when bad > patience
 *
 * @example
 * const plateau = new Plateau(0.1, { factor: 0.5, patience: 3 });
 * const sgd = new SGD(parameters, { learningRate: plateau.schedule });
 * // after each epoch:
 * plateau.observe(validationLoss);
 */
export class Plateau {
  static {
    refuseOperators(
      Plateau.prototype,
      "a Plateau",
      "plateau.rate is the rate, plateau.schedule the schedule",
    );
  }

  /** A schedule that returns the current rate, for the `learningRate` of an optimizer. */
  readonly schedule: Schedule = () => this.#state.rate;
  readonly #options: Required<PlateauOptions>;
  #state: PlateauState;

  /** @throws ArgumentError for a rate or an option that is out of range. */
  constructor(rate: number, options: PlateauOptions = {}, ...extra: readonly undefined[]) {
    noMore("Plateau", "rate, options", extra);
    check("Plateau", "rate", rate, ranges.positive);
    this.#options = resolveOptions<Required<PlateauOptions>>("Plateau", options, defaults, allowed);
    this.#state = { version: 1, rate, best: null, bad: 0, cooling: 0 };
    if (new.target === Plateau) Object.freeze(this);
  }

  /** The current rate. */
  get rate(): number {
    return this.#state.rate;
  }

  /** Takes the metric of an epoch. NaN counts as no improvement. @throws ArgumentError unless it is a number. */
  observe(metric: number, ...extra: readonly undefined[]): void {
    noMore("plateau.observe", "metric", extra);
    if (typeof metric !== "number") {
      throw new ArgumentError(`plateau.observe: the metric must be a number, got ${show(metric)}`);
    }
    const { factor, patience, cooldown, minimum, epsilon } = this.#options;
    let { rate, best, bad, cooling } = this.#state;
    const improved = this.#improves(metric, best);
    if (improved) best = metric;
    bad = improved || cooling > 0 ? 0 : bad + 1;
    if (cooling > 0) cooling--;
    if (bad > patience) {
      const lower = Math.max(rate * factor, minimum);
      if (rate - lower > epsilon) rate = lower;
      bad = 0;
      cooling = cooldown;
    }
    this.#state = { version: 1, rate, best, bad, cooling };
  }

  /** The state, for `JSON.stringify`. */
  toJSON(): PlateauState {
    return this.state();
  }

  /** A copy of the state, for {@link Plateau.restore}. */
  state(...extra: readonly undefined[]): PlateauState {
    noMore("plateau.state", "", extra);
    return { ...this.#state };
  }

  /** Continues from a {@link Plateau.state}. @throws FormatError, changing nothing, for anything else. */
  restore(state: PlateauState, ...extra: readonly undefined[]): void {
    noMore("plateau.restore", "state", extra);
    const { version, rate, best, bad, cooling } = Object(state) as PlateauState;
    if (version !== 1) {
      throw new FormatError(`plateau.restore: version ${show(version)} of a state is not known, only 1`);
    }
    const metric = best === null || (typeof best === "number" && !Number.isNaN(best));
    if (
      !ranges.nonNegative.admits(rate) ||
      !metric ||
      !ranges.count.admits(bad) ||
      !ranges.count.admits(cooling)
    ) {
      throw new FormatError(
        `plateau.restore: not a state: rate ${show(rate)}, best ${show(best)}, bad ${show(bad)}, cooling ${show(cooling)}`,
      );
    }
    this.#state = { version, rate, best, bad, cooling };
  }

  #improves(metric: number, best: number | null): boolean {
    if (best === null) return !Number.isNaN(metric);
    const { mode, threshold, relative } = this.#options;
    // threshold·∞ would be infinite: no metric could improve on it.
    const margin = relative ? (Number.isFinite(best) ? threshold * Math.abs(best) : 0) : threshold;
    return mode === "min" ? metric < best - margin : metric > best + margin;
  }
}

const defaults: Required<PlateauOptions> = {
  mode: "min",
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  relative: true,
  cooldown: 0,
  minimum: 0,
  epsilon: 1e-8,
};

const allowed = {
  mode: ranges.oneOf("min", "max"),
  factor: ranges.fraction,
  patience: ranges.count,
  threshold: ranges.nonNegative,
  relative: ranges.flag,
  cooldown: ranges.count,
  minimum: ranges.nonNegative,
  epsilon: ranges.nonNegative,
};
