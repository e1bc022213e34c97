import { GradusError, type Tensor } from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { compile } from "@gradus/engine";
import type { Layer } from "@gradus/nn";
import type { Loss } from "./callbacks.ts";
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
      if (fast.traced(...args) || !(error instanceof GradusError)) throw error;
      const result = fn(...args); // an error of the function itself is thrown here again
      usable = false;
      fast.release();
      warn(`${who}: it runs op by op, as it could not be compiled. ${error.message}`);
      return result;
    }
  };
  return Object.assign(call, { release: () => fast.release() });
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
): Compiled<[inputs: Tensor, targets: Tensor], Measured> {
  const measure = (inputs: Tensor, targets: Tensor): Measured => {
    const output = net.forward(inputs);
    return { output, ...weighed(loss, output, targets) };
  };
  return compiled(who, measure, compile);
}
