import { type NamedParameter, ones, type Parameter, type Tensor, zeros } from "@gradus/core";
import { tensorNames } from "@gradus/core/internal";
import { type Clip, clipLimit } from "./clip.ts";
import type { Hyperparameters, Rule } from "./rule.ts";

/** Parameters that share hyperparameters. */
export interface Group<H> {
  readonly h: H;
  /** Names of the slots of each parameter, in the order in which the rule's update gets them. */
  readonly slotNames: readonly string[];
  /** The learning rate of the current step, [1]. */
  readonly learningRate: Tensor;
  /** The result of {@link Rule.coefficients} for that step. */
  readonly coefficients: Tensor;
}

/** A parameter with its group, slots and buffers. */
export interface Member<H> {
  readonly name: string;
  readonly parameter: Parameter;
  readonly group: Group<H>;
  readonly slots: Readonly<Record<string, Tensor>>;
  /** The tensors that the rule's update writes: the parameter, then its slots. */
  readonly writes: readonly Tensor[];
  /** Undefined if the rule gets the gradient unchanged. */
  readonly preparation: Preparation | undefined;
  /** The factor of the gradient from clipping its norm, [1]. */
  readonly factor: Tensor;
  /** A buffer for the prepared or copied gradient, made when it is needed. */
  readonly scratch: Tensor | undefined;
}

/** The changes to a gradient before the rule gets it, besides the factor from clipping its norm. */
export interface Preparation {
  /** Elements are clipped to ± this. */
  readonly limit: number;
  /** This times x is added. */
  readonly decay: number;
}

/** Makes a group of parameters with these hyperparameters. */
export function makeGroup<H extends Hyperparameters>(rule: Rule<H>, h: H): Group<H> {
  const count = coefficientsOf(rule, h, 1, 0).length;
  return { h, slotNames: rule.slots(h), learningRate: zeros([1]), coefficients: zeros([count]) };
}

/** Makes the member for a parameter, with slots of zeros. */
export function makeMember<H extends Hyperparameters>(
  [name, parameter]: NamedParameter,
  group: Group<H>,
  clip: Clip | undefined,
): Member<H> {
  const { weightDecay, decoupledWeightDecay } = group.h;
  const decay = decoupledWeightDecay ? 0 : weightDecay;
  const prepared = clip !== undefined || decay !== 0;
  const slots = group.slotNames.map(() => zeros(parameter.shape));
  tensorNames.set(parameter.storage, name);
  group.slotNames.forEach((slot, i) => void tensorNames.set(slots[i].storage, `${name}.${slot}`));
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
