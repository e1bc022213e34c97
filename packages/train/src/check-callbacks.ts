import { ArgumentError, nearestName, ranges, show, tagOf } from "@gradus/core";
import type { Callback } from "./callbacks.ts";

/** The hooks of a callback, in the order in which they are called. @internal */
export const hooks = [
  "onTrainBegin",
  "onEpochBegin",
  "onBackward",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
] as const;

/** Refuses values that are no callbacks: a function that was not called, an object without a hook or with an unknown one. @internal */
export function checkCallbacks(who: string, callbacks: readonly Callback[]): void {
  if (!Array.isArray(callbacks)) {
    throw new ArgumentError(`${who}: callbacks must be a list, got ${show(callbacks)}`);
  }
  // Array.from: forEach leaves out the holes of [, printer].
  Array.from(callbacks).forEach((callback: Callback, i) => {
    if (typeof callback === "function") {
      throw new ArgumentError(
        `${who}: callback ${i} is a function, not a callback; did you mean to call it, ${(callback as { name: string }).name}()?`,
      );
    }
    refuseHooks(`${who}: callback ${i}`, callback);
    const found = namesLikeHooks(callback);
    const unknown = found.find((name) => !(hooks as readonly string[]).includes(name));
    if (unknown !== undefined) {
      const near = nearestName(unknown, hooks);
      const hint = near === undefined ? "." : `; did you mean ${show(near)}?`;
      throw new ArgumentError(
        `${who}: callback ${i} has an unknown hook ${show(unknown)}${hint} Hooks are ${hooks.join(", ")}`,
      );
    }
    if (found.length === 0) {
      throw new ArgumentError(`${who}: callback ${i}, ${show(callback)}, has none of ${hooks.join(", ")}`);
    }
  });
}

/** Refuses hooks that could not run: values that are no functions, and generators, whose body runs only when iterated. */
function refuseHooks(who: string, callback: Callback | null | undefined): void {
  for (const name of hooks) {
    const hook: unknown = callback?.[name];
    if (hook === undefined || hook === null) continue;
    if (!ranges.callable.admits(hook) || tagOf(hook).endsWith("GeneratorFunction")) {
      const kind = typeof hook === "function" ? tagOf(hook) : show(hook);
      throw new ArgumentError(`${who}: ${name} must be a function, which may be async, got ${kind}`);
    }
  }
}

/** The names of all methods `on…` of an object and its classes. */
function namesLikeHooks(callback: object): string[] {
  const names: string[] = [];
  for (let x = Object(callback); x !== null && x !== Object.prototype; x = Object.getPrototypeOf(x)) {
    names.push(...Object.getOwnPropertyNames(x).filter((name) => /^on[A-Z]/.test(name)));
  }
  return names.filter((name) => typeof (callback as Record<string, unknown>)[name] === "function");
}
