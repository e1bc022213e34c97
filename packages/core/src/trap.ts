import { ArgumentError } from "./errors.ts";
import { hook, withHook } from "./hook.ts";
import { noMore } from "./options.ts";
import { callable } from "./ranges.ts";
import { show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
import { TrapHook } from "./trap/trap-hook.ts";

/** Gives names to layers and tensors in the messages of {@link trapNumerics}. */
export interface NumericsTrap {
  /** Runs a part of the computation as a layer. Messages name it for these ops and their gradient rules. */
  layer<T>(name: string, run: () => T): T;
  /** Sets the name of a tensor in messages. */
  name(x: Tensor, name: string): void;
}

/**
 * Runs a function and throws at the first op (forward or backward) or update that makes NaN or an infinity from finite
 * operands, or NaN from operands of which none is NaN, such as 0·∞. The error names the op, the element, the operands, and
 * the line that called the op.
 *
 * - A derived op or a gradient rule is checked by its result: NaN inside it that is masked before its end is no error.
 *   Between ops of the forward pass it is one: `where(x.greater(0), x.log(), 0)` throws at its log.
 * - An infinity from an infinite operand, such as the −∞ of a mask, and NaN from NaN are no errors.
 * - Functions made by `compile` run op by op, with the same numbers. This takes up to three times as long.
 *
 * @param run is called at once, with a {@link NumericsTrap} to name layers and tensors.
 * @returns the result of `run`.
 * @throws NumericsError; ArgumentError if `run` is no function or async, or for a call inside a function that `compile`
 *   traces.
 * @example
 * trapNumerics(() => backward(net.forward(x).log().mean()));
 * // NumericsError: log([4,3]) made -Infinity at [2,0] of finite numbers: input 1 there is 0; log was called at main.ts:7:44
 */
export function trapNumerics<T>(run: (trap: NumericsTrap) => T, ...extra: readonly undefined[]): T {
  noMore("trapNumerics", "run", extra);
  if (!callable.admits(run)) throw new ArgumentError(`trapNumerics: needs a function, got ${show(run)}`);
  if (hook()?.draws) {
    throw new ArgumentError(
      "trapNumerics: there are no numbers to look at while compile traces a function; put it around the call of the " +
        "compiled function",
    );
  }
  const trap = new TrapHook(hook());
  const result = withHook(trap, () => run(trap));
  if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
    throw new ArgumentError(
      "trapNumerics: the function is async, and its ops after the first await would not be checked; put " +
        'trapNumerics around the parts between (fit has the option onNaN: "explain")',
    );
  }
  return result;
}
