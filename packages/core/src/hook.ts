import { type AnySpec, active } from "./op.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";
import type { AnyUpdate } from "./update.ts";

/**
 * Is called in place of the loops of ops and updates: `compile` notes them and computes nothing, the NaN trap computes them
 * and checks the results, `watch` computes and notes them.
 */
export interface Hook {
  /** An op on tensors. @returns the storage of the result; `compile` fills it later. */
  op(spec: AnySpec, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Runs an op that is a formula over other ops (derived-op.ts), so that errors name it and not these. */
  within<T>(spec: Named, inputs: readonly Tensor[], compute: () => T, params: unknown): T;
  /** The result of an op, derived or not, called with `args`, if its ops need not run for it; else null. */
  known?(spec: object, args: readonly unknown[], params: unknown): Tensor | null;
  /**
   * Runs the gradient rule of the op that gave `out`, for its input of this index, on the gradient `g` of `out`, and then adds the
   * gradient that the input has `sofar`.
   */
  rule?(out: Tensor, index: number, g: Tensor, compute: () => Tensor, sofar?: Tensor): Tensor;
  /** Only `compile` has this: it notes draws of random streams, to repeat them in later calls. */
  readonly draws?: DrawHook | undefined;
}

/** The part of a declaration that a hook reads. */
export interface Named {
  readonly name: string;
  readonly formula?: string;
  readonly defaults?: object;
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

/** Runs a function with a hook on. @param after the hook from then on. Default: the one before. */
export function withHook<T>(next: Hook | null, run: () => T, after: Hook | null = active.hook): T {
  active.hook = next;
  try {
    return run();
  } finally {
    active.hook = after;
  }
}
