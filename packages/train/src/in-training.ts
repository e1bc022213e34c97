import { ArgumentError } from "@gradus/core";
import { type Layer, namedParameters } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import type { StepTaker } from "./callbacks.ts";

/** The nets, optimizers and parameters that are being trained now. */
const busy = new WeakSet<object>();

/**
 * Refuses a training that would change what another one changes at the same time: which step comes first would depend on the speed
 * of the machine.
 *
 * @returns marks the training as begun; call what it returns at the end. @internal
 */
export function beginAlone(net: Layer<never>, optimizer: StepTaker): () => () => void {
  const parameters =
    optimizer instanceof Optimizer ? optimizer.parameters : namedParameters(net).map(([, x]) => x);
  const taken = [net, optimizer, ...parameters].find((part) => busy.has(part));
  if (taken !== undefined) {
    const what =
      taken === net
        ? "this net is"
        : taken === optimizer
          ? "this optimizer is"
          : "parameters of this optimizer are";
    throw new ArgumentError(`fit: ${what} being trained already; await the first fit before the next`);
  }
  const parts = [net, optimizer, ...parameters];
  return () => {
    for (const part of parts) busy.add(part);
    return () => {
      for (const part of parts) busy.delete(part);
    };
  };
}
