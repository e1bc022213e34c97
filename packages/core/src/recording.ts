import type { UpdateKernel } from "./kernels/kernels.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** What a recording needs to know of an op in order to run it again; `op.ts` has the whole of it. */
export interface RecordableOp {
  readonly name: string;
  readonly impure?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each op knows its own inputs and params
  forward(inputs: any, out: Float64Array, outShape: Shape, params: any): void;
}

/** The same of an update; `update.ts` has the whole of it. */
export interface RecordableUpdate {
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

/** Takes down what is computed, instead of computing it. */
export interface Recorder {
  /** An op on tensors of which nothing but the shapes is known. @returns where its result will lie. */
  op(spec: RecordableOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: RecordableUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Numbers that come from outside, such as random ones: `fill` writes them anew whenever the recording is replayed. */
  generate(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage;
  /** A stream made inside the recorded function starts from its beginning in every replay, as it would without one. */
  stream(rng: Rewindable): void;
  /** Runs a derived op, so that errors of a replay name it and not the ops it is made of. */
  within<T>(name: string, shapes: readonly Shape[], compute: () => T): T;
}

let current: Recorder | null = null;

/** The recording that is going on, if one is. */
export function recorder(): Recorder | null {
  return current;
}

/** Runs a function while `next` takes down what it computes. */
export function recordWith<T>(next: Recorder, run: () => T): T {
  current = next;
  try {
    return run();
  } finally {
    current = null;
  }
}
