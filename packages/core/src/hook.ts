import { type AnySpec, active } from "./op.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";
import type { AnyUpdate } from "./update.ts";

/**
 * Is called in place of the loops of ops and updates: `compile` notes them and computes nothing, the NaN trap computes them
 * and checks the results.
 */
export interface Hook {
  /** An op on tensors. @returns the storage of the result; `compile` fills it later. */
  op(spec: AnySpec, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Runs an op that is a formula over other ops (derived-op.ts), so that errors name it and not these. */
  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T;
  /** Runs the gradient rule of the op that gave `out`, for its input of this index, on the gradient `g` of `out`. */
  rule?(out: Tensor, index: number, g: Tensor, compute: () => Tensor): Tensor;
  /** Only `compile` has this: it notes draws of random streams, to repeat them in later calls. */
  readonly draws?: DrawHook | undefined;
}

/** The part of `compile` that notes random streams. */
export interface DrawHook {
  /** Random numbers: `fill` draws them anew in every call. @returns where they will be. */
  fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage;
  /** A stream that is made inside the function begins anew in every call, as it does without `compile`. */
  made(rng: { rewind(): void }): void;
  /** A number is drawn outside of a tensor: a later call could not draw it again. @throws ArgumentError with the message. */
  number(message: string): void;
}

/** What `compile` or the NaN trap has put in place of the loops; null if they run. */
export function hook(): Hook | null {
  return active.hook;
}

/** Runs a function with a hook on. */
export function withHook<T>(next: Hook, run: () => T): T {
  const before = active.hook;
  active.hook = next;
  try {
    return run();
  } finally {
    active.hook = before;
  }
}
