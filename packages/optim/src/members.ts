import { type NamedParameter, ones, type Parameter, type Tensor, zeros } from "@gradus/core";
import { type Clip, clipLimit } from "./clip.ts";
import type { Hyperparameters, Rule } from "./rule.ts";

/** Parameters that share hyperparameters. */
export interface Group<H> {
  readonly h: H;
  /** Names of the slots of each parameter, in the order in which the rule's update writes them. */
  readonly slotNames: readonly string[];
  /** The learning rate of the step being made, [1]. */
  readonly learningRate: Tensor;
  /** What {@link Rule.coefficients} gave for that step. */
  readonly coefficients: Tensor;
}

/** A parameter and what goes with it. */
export interface Member<H> {
  readonly name: string;
  readonly parameter: Parameter;
  readonly group: Group<H>;
  readonly slots: Readonly<Record<string, Tensor>>;
  /** What the rule's update writes: the parameter, then its slots. */
  readonly writes: readonly Tensor[];
  /** Undefined if the rule sees the gradient as it is. */
  readonly preparation: Preparation | undefined;
  /** What the gradient is multiplied by, [1]. */
  readonly factor: Tensor;
  /** Room for the gradient that the rule sees where that is not the one handed in. */
  scratch: Tensor | undefined;
}

/** What a gradient goes through before the rule sees it, besides the factor that its norm is clipped by. */
export interface Preparation {
  /** Elements are cut off beyond ± this. */
  readonly limit: number;
  /** This times x is added. */
  readonly decay: number;
}

/** The group of parameters with these hyperparameters. */
export function makeGroup<H extends Hyperparameters>(rule: Rule<H>, h: H): Group<H> {
  const count = coefficientsOf(rule, h, 1, 0).length;
  return { h, slotNames: rule.slots(h), learningRate: zeros([1]), coefficients: zeros([count]) };
}

/** A parameter in its group, with empty slots. */
export function makeMember<H extends Hyperparameters>(
  [name, parameter]: NamedParameter,
  group: Group<H>,
  clip: Clip | undefined,
): Member<H> {
  const { weightDecay, decoupledWeightDecay } = group.h;
  const decay = decoupledWeightDecay ? 0 : weightDecay;
  const prepared = clip !== undefined || decay !== 0;
  const slots = group.slotNames.map(() => zeros(parameter.shape));
  return {
    name,
    parameter,
    group,
    slots: Object.fromEntries(group.slotNames.map((slot, i) => [slot, slots[i]])),
    writes: [parameter, ...slots],
    preparation: prepared ? { limit: clipLimit(clip), decay } : undefined,
    factor: ones([1]),
    scratch: prepared ? zeros(parameter.shape) : undefined,
  };
}

/** The numbers that a rule needs for step t. */
export function coefficientsOf<H extends Hyperparameters>(
  rule: Rule<H>,
  h: H,
  t: number,
  learningRate: number,
): readonly number[] {
  return rule.coefficients?.(h, t, learningRate) ?? [learningRate];
}
