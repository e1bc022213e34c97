import { ArgumentError, show } from "@gradus/core";

/** The error for a rate that is assigned, as in PyTorch and Keras. @param who the optimizer. */
export function assignedRate(who: string, rate: unknown): ArgumentError {
  return new ArgumentError(
    `${who}: the learning rate cannot be assigned, got ${show(rate)}; a rate that changes is a schedule: ` +
      "learningRate: (step) => …, a schedule such as cosineDecay(0.1, { steps }), or new Plateau(0.1).schedule",
  );
}

/** Names of the learning rate in other frameworks: an assignment, which would change nothing, is an error. */
export abstract class AssignedRate {
  /** @internal */
  set lr(rate: never) {
    throw assignedRate(this.constructor.name, rate);
  }

  /** @internal */
  set learning_rate(rate: never) {
    throw assignedRate(this.constructor.name, rate);
  }
}
