import { type Range, ranges, tagOf } from "@gradus/core";
import type { Schedule } from "./schedules.ts";

/** The framework whose defaults and conventions an optimizer follows: PyTorch or Keras 3. */
export type Preset = "torch" | "keras";

/** The values that a learning rate may have: a finite number ≥ 0, or a schedule. */
export const rate: Range = {
  says: "must be a finite number ≥ 0 or a function of the step",
  admits: (value) => ranges.callable.admits(value) || ranges.nonNegative.admits(value),
  hint: (value) =>
    typeof value === "function" ? "make one, and pass its schedule: new Plateau(0.1).schedule" : undefined,
};

/** A rule with all of its parts. An `update` that is async or a generator would not change the parameter. */
export const complete: Range = {
  says: "must be { name, slots, update, defaults, ranges }",
  admits: (rule) => {
    const { name, slots, update, defaults, ranges: known } = Object(rule);
    return name && defaults && known && tagOf(slots) + tagOf(update) === "FunctionFunction";
  },
};

/** The learning rate of one step. */
export const stepRate: Range = {
  ...ranges.nonNegative,
  hint: (value) =>
    typeof value === "function"
      ? "the function makes a schedule: call it, as in constantRate(0.1)"
      : undefined,
};

/** The hyperparameters of every optimizer; {@link Optimizer} applies the decay. */
export interface Hyperparameters {
  /** A number ≥ 0, or a schedule that gives the rate of each step (counted from 0). */
  readonly learningRate: number | Schedule;
  /** The strength of the decay of weights towards 0, ≥ 0. */
  readonly weightDecay: number;
  /**
   * `false`: weightDecay·x is added to the gradient g, after clipping (L2 regularisation, as PyTorch does it).
   * `true`: x ← x − learningRate·weightDecay·x before the rule changes x (as AdamW and Keras do it).
   */
  readonly decoupledWeightDecay: boolean;
}

/** The arrays that a rule keeps for one parameter, by name; as long as the parameter, 0 before the first step. */
export type Slots = Readonly<Record<string, Float64Array>>;

/**
 * The algorithm of an optimizer; {@link Optimizer} checks, clips, decays and counts. Your own optimizer is one such
 * object.
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
  /** The name in errors and stored states. */
  readonly name: string;
  /** All hyperparameters, for both presets. */
  readonly defaults: Readonly<Record<Preset, H>>;
  /** The allowed values. A hyperparameter without a range is fixed by the rule: it is no option. */
  readonly ranges: { readonly [K in keyof H]?: Range };
  /** The error in hyperparameters that are each in range; undefined if there is none. */
  conflict?(h: H): string | undefined;
  /** Names of the arrays to keep for each parameter. */
  slots(h: H): readonly string[];
  /**
   * Whether its slots keep squares of gradients, which are infinite for elements beyond 1.3e154. The optimizer then refuses a
   * step in which a slot would become infinite. Default false.
   */
  readonly squares?: boolean;
  /**
   * The numbers of step t that `update` needs, computed once per step and group. Their count must be the same at every
   * step; a first call, for step 1 and a rate of 0, finds it. Default: `[learningRate]`.
   *
   * @param t the number of the step, counted from 1.
   */
  coefficients?(h: H, t: number, learningRate: number): readonly number[];
  /**
   * Changes the parameter x in place. It must depend on its arguments only, because a compiled step repeats it.
   *
   * @param g the gradient, clipped and with L2 decay added; not to be written to.
   * @param coefficients the coefficients of this step.
   */
  update(x: Float64Array, g: Float64Array, slots: Slots, h: H, coefficients: Float64Array): void;
  /**
   * The engine's instruction with the same bits as {@link Rule.update}, for compiled steps. Default: none, `update` runs.
   */
  kernel?(h: H): RuleKernel;
}

/** An instruction that takes the parameter as `x`, the gradient as `g` and the coefficients of the step as `step`. */
export interface RuleKernel {
  readonly instruction: string;
  /** Its names for the arrays of {@link Rule.slots}, in their order. Default none. */
  readonly slots?: readonly string[];
  /** Its constants. Default none. */
  readonly numbers?: readonly number[];
}
