import { GradusError, type Tensor } from "@gradus/core";
import { compile } from "@gradus/engine";

declare const console: { warn(text: string): void };

/** A function that is compiled if that can be done, with {@link release} for when it is not needed any more. @internal */
export interface Fast<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  release(): void;
}

/**
 * Compiles a function; if it cannot be recorded, it is called as it is from then on, and a warning says so once.
 *
 * @param who for the warning.
 * @param wanted whether to compile at all. @internal
 */
export function fast<Args extends readonly Tensor[], Result>(
  who: string,
  fn: (...args: Args) => Result,
  wanted: boolean = true,
): Fast<Args, Result> {
  const compiled = compile(fn);
  let usable = wanted;
  const call = (...args: Args): Result => {
    if (!usable) return fn(...args);
    try {
      return compiled(...args);
    } catch (error) {
      if (compiled.recorded(...args) || !(error instanceof GradusError)) throw error;
      const result = fn(...args); // what is wrong in itself fails here too
      usable = false;
      compiled.release();
      console.warn(`${who}: it runs op by op, as it could not be compiled. ${error.message}`);
      return result;
    }
  };
  return Object.assign(call, { release: () => compiled.release() });
}
