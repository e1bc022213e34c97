import { ArgumentError, GradientError, GradusError, NumericsError, ShapeError } from "@gradus/core";
import type { BatchLog, TrainEnd } from "./callbacks.ts";
import { DivergenceError, NonFinite, type OnNaN } from "./on-nan.ts";
import { Aborted } from "./yield-to-events.ts";

/** The outcome of a training that threw this error. @internal */
export function endBy(error: unknown, log: BatchLog, onNaN: OnNaN): TrainEnd {
  if (error instanceof Aborted) return { outcome: "aborted", error: error.reason };
  if (!(error instanceof NonFinite)) return { outcome: "failed", error };
  const message = error.describe(log);
  if (onNaN === "stop") return { outcome: "stopped", reason: message };
  return { outcome: "failed", error: new DivergenceError(`fit: ${message}`, { ...log, loss: error.loss }) };
}

/** The same error with a place before its message. @internal */
export function placed(error: GradusError, place: string): GradusError {
  const Kind =
    [ShapeError, ArgumentError, GradientError].find((kind) => error instanceof kind) ?? GradusError;
  return new Kind(`${place}: ${error.message}`, { cause: error });
}

/**
 * Runs a part of a step of `fit`. Errors of gradus get the place where training was; errors of the user's code stay as they are.
 *
 * @param place the number of the batch, or what else is measured. @internal
 */
export function atStep<T>(epoch: number, place: string | number, part: () => T): T {
  try {
    return part();
  } catch (error) {
    const hasPlace = !(error instanceof GradusError) || error instanceof NumericsError;
    if (hasPlace || error.message.startsWith("fit: ")) throw error;
    throw placed(error, `fit: epoch ${epoch}, ${typeof place === "number" ? `batch ${place}` : place}`);
  }
}
