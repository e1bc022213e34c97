import type { Range } from "./ranges.ts";
import type { Schedule } from "./schedules.ts";

/** Whose defaults and conventions an optimizer follows: PyTorch's or Keras 3's. */
export type Preset = "torch" | "keras";

/** What every optimizer has; the driver takes care of all three. */
export interface Hyperparameters {
  /** How far to go: a number ≥ 0, or a schedule that gives the rate of each step (counted from 0). */
  readonly learningRate: number | Schedule;
  /** How strongly weights are pulled towards zero, ≥ 0. */
  readonly weightDecay: number;
  /**
   * `false`: weightDecay·x is added to the gradient g, after clipping (L2 regularisation, as PyTorch does it).
   * `true`: x ← x − learningRate·weightDecay·x before the step, past the rule (as AdamW and Keras do it).
   */
  readonly decoupledWeightDecay: boolean;
}

/** The arrays that a rule keeps for one parameter, by name; all as long as the parameter, zero before the first step. */
export type Slots = Readonly<Record<string, Float64Array>>;

/**
 * The algorithm of an optimizer, without the bookkeeping: {@link Optimizer} checks, clips, decays and counts.
 * With it, an optimizer of your own is one object.
 *
 * @example
 * const signDescent: Rule<Hyperparameters> = {
 *   name: "SignDescent",
 *   defaults: { torch: base, keras: base }, // base = { learningRate: 0.01, weightDecay: 0, … }
 *   ranges: { learningRate: rate, weightDecay: nonNegative },
 *   slots: () => [],
 *   update: (x, g, _slots, _h, _t, learningRate) => {
 *     for (let i = 0; i < x.length; i++) x[i] -= learningRate * Math.sign(g[i]);
 *   },
 * };
 * const optimizer = new Optimizer(signDescent, namedParameters(net), { learningRate: 0.1 });
 */
export interface Rule<H extends Hyperparameters> {
  /** Named in errors and stored states. */
  readonly name: string;
  /** All hyperparameters, for either preset. */
  readonly defaults: Readonly<Record<Preset, H>>;
  /** The values each one may have. One without a range is no option: the rule fixes it. */
  readonly ranges: { readonly [K in keyof H]?: Range };
  /** What is wrong with the hyperparameters taken together, if anything. */
  conflict?(h: H): string | undefined;
  /** Names of the arrays to keep for each parameter. */
  slots(h: H): readonly string[];
  /**
   * Changes the parameter x in place.
   *
   * @param g the gradient, clipped and with L2 decay added; not to be written to.
   * @param t the number of this step, counted from 1.
   */
  update(x: Float64Array, g: Float64Array, slots: Slots, h: H, t: number, learningRate: number): void;
}
