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
