import { FormatError, show, type Tensor, tagOf } from "@gradus/core";
import type { Slots } from "./rule.ts";

/**
 * The state of an optimizer between steps, as plain data (structured-cloneable): without the parameters, and without
 * hyperparameters and schedules, which are given again.
 */
export interface OptimizerState {
  readonly version: 1;
  /** The name of the rule. */
  readonly optimizer: string;
  /** Number of steps so far. */
  readonly stepCount: number;
  /** The slots (`m`, `v`, …) by name of the parameter, then of the slot; each as long as the parameter. */
  readonly slots: Readonly<Record<string, Slots>>;
}

/** A copy of the slots of all parameters. Names such as `__proto__` are safe. */
export function copySlots(members: readonly Member[]): OptimizerState["slots"] {
  return Object.fromEntries(
    members.map(({ name, slots }) => [
      name,
      Object.fromEntries(Object.entries(slots).map(([slot, values]) => [slot, values.data.slice()])),
    ]),
  );
}

/** Throws one FormatError with everything in `state` that does not fit the optimizer. */
export function checkState(who: string, optimizer: string, members: readonly Member[], state: unknown): void {
  if (typeof state !== "object" || state === null) {
    throw new FormatError(`${who}: not the state of an optimizer: ${show(state)}`);
  }
  const given = state as Partial<Record<keyof OptimizerState, unknown>>;
  const problems = [
    ...(given.version === 1 ? [] : [`version ${show(given.version)} is not known, only 1`]),
    ...(given.optimizer === optimizer
      ? []
      : [`it is a state of ${show(given.optimizer)}, not of ${optimizer}`]),
    ...(Number.isSafeInteger(given.stepCount) && (given.stepCount as number) >= 0
      ? []
      : [`stepCount must be a whole number ≥ 0, got ${show(given.stepCount)}`]),
    ...slotProblems(members, given.slots),
  ];
  if (problems.length > 0) throw new FormatError(`${who}: the state does not fit: ${problems.join("; ")}`);
}

/** The part of a member that its state describes. */
interface Member {
  readonly name: string;
  readonly slots: Readonly<Record<string, Tensor>>;
}

function slotProblems(members: readonly Member[], given: unknown): string[] {
  if (typeof given !== "object" || given === null) return [`slots must be an object, got ${show(given)}`];
  const problems: string[] = [];
  for (const { name, slots } of members) {
    const found: unknown = own(given, name);
    if (found === undefined && Object.keys(slots).length === 0) continue;
    if (typeof found !== "object" || found === null) {
      problems.push(`${show(name)} is missing`);
      continue;
    }
    for (const [slot, values] of Object.entries(slots)) {
      const stored = own(found, slot);
      const place = `${show(slot)} of ${show(name)}`;
      if (stored === undefined) problems.push(`${place} is missing`);
      else if (!isFloat64Array(stored)) problems.push(`${place} must be a Float64Array, got ${show(stored)}`);
      else if (stored.length !== values.size)
        problems.push(`${place} has ${stored.length} numbers, the parameter ${values.size}`);
    }
    for (const slot of Object.keys(found)) {
      if (!Object.hasOwn(slots, slot)) problems.push(`${show(slot)} of ${show(name)} is unknown`);
    }
  }
  const names = new Set(members.map(({ name }) => name));
  for (const name of Object.keys(given)) if (!names.has(name)) problems.push(`${show(name)} is unknown`);
  return problems;
}

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

function isFloat64Array(value: unknown): value is Float64Array {
  return tagOf(value) === "Float64Array";
}
