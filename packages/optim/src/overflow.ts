import { GradientError, show, type Tensor, update } from "@gradus/core";
import { findNonFinite } from "@gradus/core/internal";
import type { Group, Member } from "./members.ts";
import type { Hyperparameters, Rule, Slots } from "./rule.ts";

/** Elements beyond 1.8e150 are looked at: their squares, or sums of them, may be beyond 1.8e308. */
const SCALE = 1e158;

/** Tells for each gradient whether one of its elements is NaN, infinite or beyond 1.8e150: writes 1 to its flag, else 0. */
export function findLarge(gradients: readonly Tensor[], flags: readonly Tensor[]): void {
  gradients.forEach((g, i) => {
    update(findNonFinite, [g], [flags[i]], SCALE);
  });
}

/**
 * Refuses the step of each parameter whose gradient {@link findLarge} has found, if it would make a slot infinite.
 *
 * @param reads the flags, then for each member its gradient, parameter and slots.
 * @param coefficients of each group.
 */
export function refuseLarge<H extends Hyperparameters>(
  rule: Rule<H>,
  members: readonly Member<H>[],
  groups: readonly Group<H>[],
  reads: readonly Float64Array[],
  coefficients: readonly (readonly number[])[],
): void {
  let at = members.length;
  members.forEach((member, i) => {
    const end = at + 1 + member.writes.length;
    if (reads[i][0] !== 0) {
      const [g, x, ...slots] = reads.slice(at, end);
      refuseOverflow(rule, member, { g, x, slots }, coefficients[groups.indexOf(member.group)]);
    }
    at = end;
  });
}

/** The numbers of a member that its step would read. */
interface StepNumbers {
  readonly g: Float64Array;
  readonly x: Float64Array;
  readonly slots: readonly Float64Array[];
}

/**
 * Tries the step of a parameter on copies. A slot that became infinite would stay infinite, and the parameter would never
 * move again.
 *
 * @throws GradientError if a slot would become infinite or NaN although the element of g and the slot are finite.
 */
function refuseOverflow<H extends Hyperparameters>(
  rule: Rule<H>,
  { name, group: { h, slotNames } }: Member<H>,
  { g, x, slots }: StepNumbers,
  coefficients: readonly number[],
): void {
  const tried = slots.map((slot) => slot.slice());
  const byName: Slots = Object.fromEntries(slotNames.map((slot, i) => [slot, tried[i]]));
  rule.update(x.slice(), g, byName, h, Float64Array.from(coefficients));
  tried.forEach((slot, k) => {
    const at = slot.findIndex(
      (value, i) => !Number.isFinite(value) && Number.isFinite(g[i]) && Number.isFinite(slots[k][i]),
    );
    if (at < 0) return;
    throw new GradientError(
      `${rule.name.toLowerCase()}.step: the gradient of ${show(name)} has an element ${g[at]}, too large for ` +
        `${rule.name}: its ${slotNames[k]}, which adds up squares, would become ${slot[at]} and stay so. ` +
        "Nothing is changed. Scale the inputs or the loss, or limit the gradients: clip: { norm: 1 }",
    );
  });
}
