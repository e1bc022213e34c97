import { checkGiven } from "../check-given.ts";
import { ArgumentError } from "../errors.ts";
import { hook, withHook } from "../hook.ts";
import { notTensor } from "../messages.ts";
import { check } from "../options.ts";
import { callable, count, text } from "../ranges.ts";
import { show } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import type { Limits } from "./entries.ts";
import { Recorder } from "./recorder.ts";
import { Trace } from "./trace.ts";

/** Gives names to layers and tensors in the trace of {@link watch}. */
export interface Watcher {
  /** Runs a part of the computation as a layer: events in it, and the gradient rules of its ops, have its name. */
  layer<T>(name: string, run: () => T): T;
  /** Sets the name of a tensor. A view of it that shares its numbers has the same name. */
  name(x: Tensor, name: string): void;
}

/** Limits of {@link watch}. */
export interface WatchOptions {
  /** The most events. Default 20,000. */
  readonly events?: number;
  /** The most numbers of a tensor that are copied; of a larger tensor the trace has the first 64 and a summary. Default 4,096. */
  readonly numbers?: number;
}

const OPTIONS = { events: "positiveCount", numbers: count } as const;
const DEFAULTS: Limits = { events: 20_000, numbers: 4_096 };

/**
 * Runs a function and notes each of its steps with the numbers: ops, the gradient rules of `backward`, sums where gradients
 * meet, and updates in place. Watching changes no bit of the results.
 *
 * - Derived ops and rules are written in ops: those have the id of the event around them in `within`.
 * - Functions made by `compile` run op by op, with the same numbers. They draw random numbers as in any call.
 * - A change of a tensor that is no update, such as `assign`, is noted when the tensor is used again.
 * - Inside another `watch` or `trapNumerics` both see the ops.
 *
 * @param run is called at once, with a {@link Watcher} to name layers and tensors.
 * @returns a {@link Trace}: the result of `run`, and events and tensors as plain data.
 * @throws ArgumentError for more events than the limit; if `run` is no function or async; for a call inside a function that
 *   `compile` traces. Errors of `run` pass through.
 * @example
 * const x = variable(tensor(3));
 * const trace = watch(({ name }) => {
 *   name(x, "x");
 *   return backward(x.add(x));
 * });
 * trace.result.of(x).item(); // 2
 * String(trace);             // a table: a = add(x, x), then x ← add, input 1 and input 2, with their numbers
 */
export function watch<T>(
  run: (watcher: Watcher) => T,
  options: WatchOptions = {},
  ...extra: readonly undefined[]
): Trace<T> {
  check("watch", "run", run, callable);
  const limits = { ...DEFAULTS, ...checkGiven("watch", "option", options, OPTIONS, extra) } as Limits;
  if (hook()?.draws) {
    throw new ArgumentError(
      "watch: there are no numbers to look at while compile traces a function; put it around the call of the compiled " +
        "function",
    );
  }
  const recorder = new Recorder(limits, hook());
  const watcher: Watcher = {
    layer: (name, part) => {
      check("layer", "name", name, text);
      check("layer", "run", part, callable);
      return notLater(
        "layer",
        recorder.layer(name, () => part()),
      );
    },
    name: (x, name) => {
      if (!(x instanceof Tensor)) throw new ArgumentError(`name: needs a tensor, got ${notTensor(x)}`);
      check("name", "name", name, text);
      recorder.name(x, name);
    },
  };
  const result = withHook(recorder, () => run(watcher));
  if (recorder.failed) throw recorder.failed;
  return new Trace(notLater("watch", result), recorder.data());
}

/** Refuses the results of async functions and of generators: their ops come later. */
function notLater<T>(who: string, result: T): T {
  const { then, next } = Object(result) as { then?: unknown; next?: unknown };
  if (typeof then === "function") {
    void Promise.resolve(result).catch(() => {}); // the error below takes its place
    throw new ArgumentError(
      `${who}: the function is async, and its ops after the first await would not be seen; put ${who} around the parts ` +
        "between",
    );
  }
  if (typeof next === "function") {
    throw new ArgumentError(
      `${who}: the function gave ${show(result)}, a generator whose ops have not run; watch the calls of next instead`,
    );
  }
  return result;
}
