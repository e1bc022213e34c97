import { refuseAssignments, refuseOperators } from "@gradus/core/internal";

const SCHEDULED =
  "a rate that changes is a schedule: learningRate: (step) => …, one such as cosineDecay(0.1, { steps }), or new Plateau(0.1).schedule";

/** What is often assigned, also under the names of other frameworks, and would change nothing. */
const ASSIGNED: Readonly<Record<string, string>> = {
  learningRate: SCHEDULED,
  learningRates: SCHEDULED,
  lr: SCHEDULED,
  learning_rate: SCHEDULED,
  param_groups: SCHEDULED,
  parameters: "make a new optimizer of these parameters",
  stepCount: "optimizer.restore(state) sets it",
};

/** Refuses what no optimizer takes: operators, and assignments to its fields. */
export function refuseForAll(prototype: object): void {
  refuseOperators(prototype, "an optimizer", "optimizer.state() has its numbers");
  refuseAssignments(prototype, "an optimizer", ASSIGNED);
}

/** Refuses assignments to the options of one optimizer. @param values the options, which can be read. */
export function refuseOptions(optimizer: object, who: string, values: object): void {
  const way =
    "make a new optimizer with this option, and give it the numbers: other.restore(optimizer.state())";
  const names = Object.keys(values).filter((name) => !(name in ASSIGNED));
  const ways = Object.fromEntries(names.map((name) => [name, way]));
  refuseAssignments(optimizer, `an optimizer (${who})`, ways, (name) => Object(values)[name]);
}
