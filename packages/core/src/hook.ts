import type { AnySpec } from "./op.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";
import type { AnyUpdate } from "./update.ts";

/**
 * Is called in place of the loops of ops and updates. A tracer notes them and computes nothing; the trap for NaN computes
 * them and looks at the results.
 */
export interface Hook {
  /** An op on tensors. @returns where its result is, or will be. */
  op(spec: AnySpec, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Runs a derived op, so that errors name it and not the ops it is made of. */
  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T;
  /** Runs the gradient rule of the op that gave `out`, for its input of this index, on the gradient `g` of `out`. */
  rule?(out: Tensor, index: number, g: Tensor, compute: () => Tensor): Tensor;
  /** Only a hook that computes nothing has this: it notes draws of random streams, to repeat them in later calls. */
  readonly draws?: DrawHook;
}

/** A stream of random numbers that can go back to where it began. */
export interface Rewindable {
  rewind(): void;
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
