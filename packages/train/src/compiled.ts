import type { NetInput, Tensor } from "@gradus/core";
import { callerOf, warn } from "@gradus/core/internal";
import { compile } from "@gradus/engine";
import { type Followed, follow, isRefusal } from "@gradus/engine/internal";
import type { Layer } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import type { Loss } from "./callbacks.ts";
import type { CheckedFit } from "./fit-options.ts";
import { type Weighed, weighed } from "./loss-weight.ts";
import { batchOf } from "./net-input.ts";
import { isOwn, ownCode } from "./own-code.ts";

/** For so few samples compiling takes longer than it saves: a net runs op by op. @internal */
export const FEW_SAMPLES = 32;

/** The line of the user's program that an error comes from, in brackets; nothing if it cannot be told, as in a bundle. */
function callerIn(error: Error | null): string {
  const caller = error && callerOf(error);
  return caller === null ? "" : ` (${caller})`;
}

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
      warn(
        `${who}: it runs op by op, as it could not be compiled. ${(error as Error).message}${callerIn(error as Error)}`,
      );
      return result;
    }
  };
  return Object.assign(call, { release: () => fast.release() });
}

/** The parts of a function of a batch: the net, the loss of its output, and what follows from both. @internal */
export interface StepParts<Result> {
  output(input: NetInput): Tensor;
  rest(measured: Measured): Result;
}

/**
 * The function of a batch `rest(output and loss)`, called with the tensors of a batch (see `tensorsOf`), compiled so that it has the
 * numbers that it has without: see `follow` of @gradus/engine. If it cannot be compiled, it runs op by op from then on, with one
 * warning.
 *
 * @param who the name in the warning.
 * @param names of the inputs of the net.
 * @param wanted whether to compile at all. @internal
 */
export function followed<Result>(
  who: string,
  net: Layer<NetInput>,
  names: readonly string[] | undefined,
  loss: Loss,
  { output, rest }: StepParts<Result>,
  wanted: boolean,
): Followed<Tensor[], Result> {
  const read = batchOf(names);
  const first = (...tensors: Tensor[]): Tensor => output(read(tensors).input);
  const second = (output: Tensor, ...tensors: Tensor[]): Measured => {
    const { targets, weights } = read(tensors);
    return { output, ...weighed(loss, output, targets, weights) };
  };
  if (wanted) {
    const program = { first, second, rest, state: ownCode(net), ownSecond: isOwn(loss) };
    const way = who.startsWith("fit") ? ". compile: false does the same without this warning" : "";
    return follow(program, (reason, place) =>
      warn(`${who}: it runs op by op, ${reason}${way}${callerIn(place)}`),
    );
  }
  return Object.assign((...tensors: Tensor[]) => rest(second(first(...tensors), ...tensors)), {
    release: () => {},
  });
}

/** The output of a net for a batch, and its loss, one number. @internal */
export interface Measured extends Weighed {
  readonly output: Tensor;
}

/**
 * The output of a net and its loss, in evaluation mode, compiled; called with the tensors of a batch, see `tensorsOf`.
 *
 * @param names of the inputs of the net. @internal
 */
export function measurement(
  who: string,
  net: Layer<NetInput>,
  names: readonly string[] | undefined,
  loss: Loss,
  compile: boolean = true,
): Followed<Tensor[], Measured> {
  const parts = { output: (input: NetInput) => net.forward(input), rest: (measured: Measured) => measured };
  return followed(who, net, names, loss, parts, compile);
}

/**
 * Whether a step is one function, from the batch to the update: not if a callback or the NaN trap needs the gradients before the
 * update, or the optimizer is not one of gradus. It does not depend on `compile`, so that errors leave the same state. @internal
 */
export function isOneFunction({ onNaN, optimizer, callbacks }: CheckedFit): boolean {
  const looked = onNaN === "explain" || callbacks.some(({ onBackward }) => onBackward);
  return !looked && optimizer instanceof Optimizer && optimizer.step === Optimizer.prototype.step;
}
