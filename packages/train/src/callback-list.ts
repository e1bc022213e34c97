import { ArgumentError, show } from "@gradus/core";
import type { Callback, TrainEnd, Training } from "./callbacks.ts";
import type { Stateful } from "./checkpoint/stateful.ts";

const hooks = [
  "onTrainBegin",
  "onEpochBegin",
  "onBackward",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
] as const;

/** Refuses what is no callback: a function that was not called, or an object without any hook. @internal */
export function checkCallbacks(who: string, callbacks: readonly Callback[]): void {
  if (!Array.isArray(callbacks)) {
    throw new ArgumentError(`${who}: callbacks must be a list, got ${show(callbacks)}`);
  }
  callbacks.forEach((callback: Callback, i) => {
    if (typeof callback === "function") {
      throw new ArgumentError(
        `${who}: callback ${i} is a function, not a callback; did you mean to call it, ${(callback as { name: string }).name}()?`,
      );
    }
    const found = hooks.filter((hook) => typeof Object(callback)[hook] === "function");
    if (found.length === 0) {
      throw new ArgumentError(`${who}: callback ${i}, ${show(callback)}, has none of ${hooks.join(", ")}`);
    }
  });
}

/** The states of callbacks, as parts of a checkpoint. @internal */
export function callbackParts(
  callbacks: readonly Callback[],
  training: Training,
): Readonly<Record<string, Stateful>> {
  const parts = callbacks.flatMap((callback) => {
    if (!callback.state) return [];
    const restore = (saved: unknown): void => callback.restore?.(saved, training);
    return [[`callback ${callback.name}`, { state: () => callback.state?.(), restore }] as const];
  });
  return Object.fromEntries(parts);
}

/** Calls callbacks in order, and ends those that were begun. @internal */
export class CallbackList {
  readonly #all: readonly Callback[];
  readonly #begun: Callback[] = [];

  constructor(callbacks: readonly Callback[]) {
    this.#all = callbacks;
  }

  async begin(training: Training): Promise<void> {
    for (const callback of this.#all) {
      await callback.onTrainBegin?.(training);
      this.#begun.push(callback);
    }
  }

  async each(call: (callback: Callback) => unknown): Promise<void> {
    for (const callback of this.#all) {
      const pending = call(callback);
      if (pending !== undefined) await pending;
    }
  }

  /** Ends all that were begun, also if some fail, and returns what those threw. */
  async end(end: TrainEnd, training: Training): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const callback of this.#begun) {
      try {
        await callback.onTrainEnd?.(end, training);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}
