import type { AnyKernel, UpdateKernel } from "./kernel.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** What a recording needs to know of an op in order to run it again; `op.ts` has the whole of it. */
export interface RecordableOp {
  readonly name: string;
  readonly impure?: boolean;
  readonly kernel?: AnyKernel;
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

/** Stands between an op and its computation: a recording takes it down instead, the trap for NaN looks at its result. */
export interface Observer {
  /** An op on tensors. @returns where its result lies, or will lie. */
  op(spec: RecordableOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage;
  update(spec: RecordableUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void;
  /** Runs a derived op, so that errors name it and not the ops it is made of. */
  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T;
  /** Runs the gradient rule of the op that gave `out`, for its input of this index, on the gradient `g` of `out`. */
  rule?(out: Tensor, index: number, g: Tensor, compute: () => Tensor): Tensor;
}

/** Takes down what is computed, on tensors of which nothing but the shapes is known, instead of computing it. */
export interface Recorder extends Observer {
  /** Numbers that come from outside, such as random ones: `fill` writes them anew whenever the recording is replayed. */
  generate(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage;
  /** A stream made inside the recorded function starts from its beginning in every replay, as it would without one. */
  stream(rng: Rewindable): void;
}

let observing: Observer | null = null;
let recording: Recorder | null = null;

/** Who observes what is computed, if anyone does. */
export function observer(): Observer | null {
  return observing;
}

/** The recording that is going on, if one is: then no numbers are known. */
export function recorder(): Recorder | null {
  return recording;
}

/** Runs a function while `next` takes down what it computes. */
export function recordWith<T>(next: Recorder, run: () => T): T {
  return as(next, next, run);
}

/** Runs a function while `next` observes what it computes. */
export function observeWith<T>(next: Observer, run: () => T): T {
  return as(next, null, run);
}

function as<T>(nextObserver: Observer, nextRecorder: Recorder | null, run: () => T): T {
  const before = { observing, recording };
  observing = nextObserver;
  recording = nextRecorder;
  try {
    return run();
  } finally {
    ({ observing, recording } = before);
  }
}
