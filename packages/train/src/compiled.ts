import type { Tensor } from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { compile } from "@gradus/engine";
import { type Followed, follow, isRefusal } from "@gradus/engine/internal";
import { type Layer, namedLayers } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import type { Loss } from "./callbacks.ts";
import type { CheckedFit } from "./fit-options.ts";
import { type Weighed, weighed } from "./loss-weight.ts";

/** For so few samples compiling takes longer than it saves: a net runs op by op. @internal */
export const FEW_SAMPLES = 32;

/** A function that is compiled if possible. @internal */
export interface Compiled<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** Frees the memory of its plans. */
  release(): void;
}

/**
 * Compiles a function. If it cannot be compiled, it runs op by op from then on, with one warning.
 *
 * @param who the name in the warning.
 * @param wanted whether to compile at all. @internal
 */
export function compiled<Args extends readonly Tensor[], Result>(
  who: string,
  fn: (...args: Args) => Result,
  wanted: boolean = true,
): Compiled<Args, Result> {
  if (!wanted) return Object.assign((...args: Args) => fn(...args), { release: () => {} });
  const fast = compile(fn);
  let usable = true;
  const call = (...args: Args): Result => {
    if (!usable) return fn(...args);
    try {
      return fast(...args);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const result = fn(...args);
      usable = false;
      fast.release();
      warn(`${who}: it runs op by op, as it could not be compiled. ${(error as Error).message}`);
      return result;
    }
  };
  return Object.assign(call, { release: () => fast.release() });
}

/**
 * The function `(...args) => rest(user(...args))`, compiled so that it has the numbers that it has without: see `follow` of
 * @gradus/engine. If it cannot be compiled, it runs op by op from then on, with one warning.
 *
 * @param who the name in the warning.
 * @param net what `user` computes with. If that changes plain values in the fields of its layers, such as a counter, every call
 *   runs `user`.
 * @param wanted whether to compile at all. @internal
 */
export function followed<Args extends readonly Tensor[], Seen, Result>(
  who: string,
  net: Layer,
  user: (...args: Args) => Seen,
  rest: (seen: Seen) => Result,
  wanted: boolean,
): Followed<Args, Result> {
  if (wanted) {
    const fast = follow(user, rest, (reason) => console.warn(`${who}: it runs op by op, ${reason}`));
    let tries = 3;
    const call = (...args: Args): Result => {
      if (tries === 0) return fast(...args);
      tries--;
      const before = fieldsOf(net);
      const result = fast(...args);
      const after = fieldsOf(net);
      const same = after.length === before.length && after.every((value, i) => Object.is(value, before[i]));
      if (!same) fast.always();
      return result;
    };
    return Object.assign(call, fast);
  }
  const nothing = (): void => {};
  const opByOp = (...args: Args): Result => rest(user(...args));
  return Object.assign(opByOp, {
    recheck: nothing,
    checkNext: nothing,
    settle: nothing,
    always: nothing,
    release: nothing,
  });
}

/** Does the same with two followed functions. @internal */
export function together(
  ...all: readonly Pick<Followed<never, unknown>, "recheck" | "settle" | "release">[]
): { recheck(): void; settle(): void; release(): void } {
  return {
    recheck() {
      for (const each of all) each.recheck();
    },
    settle() {
      for (const each of all) each.settle();
    },
    release() {
      for (const each of all) each.release();
    },
  };
}

/** The plain values in the fields of the layers of a net. */
function fieldsOf(net: Layer): unknown[] {
  return namedLayers(net).flatMap(([, layer]) =>
    Object.values(layer).filter((value) => typeof value !== "object" && typeof value !== "function"),
  );
}

/** The output of a net for a batch, and its loss, one number. @internal */
export interface Measured extends Weighed {
  readonly output: Tensor;
}

/** The output of a net and its loss, in evaluation mode, compiled. @internal */
export function measurement(
  who: string,
  net: Layer,
  loss: Loss,
  compile: boolean = true,
): Followed<[inputs: Tensor, targets: Tensor, ...weights: Tensor[]], Measured> {
  const measure = (inputs: Tensor, targets: Tensor, ...[sampleWeights]: Tensor[]): Measured => {
    const output = net.forward(inputs);
    return { output, ...weighed(loss, output, targets, sampleWeights) };
  };
  return followed(who, net, measure, (measured) => measured, compile);
}

/** Whether the whole step can be compiled: not if a callback or the NaN trap needs the gradients before the update. @internal */
export function canBeCompiled({ compile, onNaN, optimizer, callbacks }: CheckedFit): boolean {
  const looked = onNaN === "explain" || callbacks.some(({ onBackward }) => onBackward);
  return compile && !looked && optimizer instanceof Optimizer && optimizer.step === Optimizer.prototype.step;
}
