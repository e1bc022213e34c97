import { type Range, ranges } from "@gradus/core";
import type { Schedule } from "./schedules.ts";

/** Whose defaults and conventions an optimizer follows: PyTorch's or Keras 3's. */
export type Preset = "torch" | "keras";

/** The values that a learning rate may have: a finite number ≥ 0, or a schedule. */
export const rate: Range = {
  says: "must be a finite number ≥ 0 or a function of the step",
  admits: (value) => typeof value === "function" || ranges.nonNegative.admits(value),
};

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
 *   ranges: { learningRate: rate, weightDecay: ranges.nonNegative },
 *   slots: () => [],
 *   update: (x, g, _slots, _h, [learningRate]) => {
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
   * The numbers of step t that the loop needs: worked out once per step and group, not once per parameter. Must give as
   * many at every step; for how many that is, it is asked once beforehand, for step 1 at a rate of 0.
   * Default: `[learningRate]`.
   *
   * @param t the number of the step, counted from 1.
   */
  coefficients?(h: H, t: number, learningRate: number): readonly number[];
  /**
   * Changes the parameter x in place, from nothing but what it is given: a compiled step runs it again and again.
   *
   * @param g the gradient, clipped and with L2 decay added; not to be written to.
   * @param coefficients those of this step.
   */
  update(x: Float64Array, g: Float64Array, slots: Slots, h: H, coefficients: Float64Array): void;
  /**
   * The instruction of an engine that gives the same bits as {@link Rule.update}, for compiled steps. Default: none, the loop
   * itself is run.
   */
  kernel?(h: H): RuleKernel;
}

/** An instruction that takes the parameter as `x`, the gradient as `g` and the coefficients of the step as `step`. */
export interface RuleKernel {
  readonly instruction: string;
  /** The names that it gives to the arrays of {@link Rule.slots}, in their order. Default none. */
  readonly slots?: readonly string[];
  /** The numbers that never change. Default none. */
  readonly numbers?: readonly number[];
}
