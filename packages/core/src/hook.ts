import type { AnyKernel, UpdateKernel } from "./kernel.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** What a hook needs to know of an op in order to run it later; `op.ts` has the whole of it. */
export interface RunnableOp {
  readonly name: string;
  readonly impure?: boolean;
  readonly kernel?: AnyKernel;
  // biome-ignore lint/suspicious/noExplicitAny: each op knows its own inputs and params
  forward(inputs: any, out: Float64Array, outShape: Shape, params: any): void;
}

/** The same of an update; `update.ts` has the whole of it. */
export interface RunnableUpdate {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each update knows its own params
  run(reads: readonly Float64Array[], writes: readonly Float64Array[], params: any): void;
  // biome-ignore lint/suspicious/noExplicitAny: each update knows its own params
  kernel?(params: any): UpdateKernel | null;
}

/** A stream of random numbers that can go back to where it began. */
export interface Rewindable {
  rewind(): void;
}

/**
 * Is called in place of the loops of ops and updates. A tracer notes them and computes nothing; the trap for NaN computes
 * them and looks at the results.
 */
export interface Hook {
  /** An op on tensors. @returns where its result is, or will be. */
  op(spec: RunnableOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: RunnableUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Runs a derived op, so that errors name it and not the ops it is made of. */
  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T;
  /** Runs the gradient rule of the op that gave `out`, for its input of this index, on the gradient `g` of `out`. */
  rule?(out: Tensor, index: number, g: Tensor, compute: () => Tensor): Tensor;
  /** Only a hook that computes nothing has this: draws of a random stream, which go on in later calls. */
  readonly draws?: DrawHook;
}

/** What a tracer does with random streams. */
export interface DrawHook {
  /** Random numbers: `fill` draws them anew in every call. @returns where they will be. */
  fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage;
  /** A stream that is made inside the function begins anew in every call, as it does without a tracer. */
  made(rng: Rewindable): void;
}

let current: Hook | null = null;

/** The hook that is on, if one is. */
export function hook(): Hook | null {
  return current;
}

/** Runs a function with a hook on. */
export function withHook<T>(next: Hook, run: () => T): T {
  const before = current;
  current = next;
  try {
    return run();
  } finally {
    current = before;
  }
}
