import type { Tensor } from "@gradus/core";
import type { Rewindable } from "@gradus/core/internal";
import type { DerivedCall } from "./derived-call.ts";
import { sameParams } from "./params.ts";
import type { Operand, Step } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** A trace that later calls of the function are compared with. */
export interface Known {
  readonly steps: readonly Step[];
  /** For each step how gradients flow through the tensors that it reads. */
  readonly flows: readonly (readonly Flow[])[];
  /** For each step whether it is an op of gradus. */
  readonly own: readonly boolean[];
  /** For each step the derived op that begins with it, if later calls may leave out its steps. */
  readonly derived: (DerivedCall | undefined)[];
  /** The number of steps that a call is compared with. */
  readonly count: number;
  /** The tensors that the function returned. */
  readonly returned: readonly (readonly [Operand, Flow])[];
  /** Random streams that the function made when it was traced. */
  readonly streams: readonly Rewindable[];
  /** The streams that begin anew in each run: these, and those of the last call that agreed. */
  readonly rewound: Rewindable[];
}

/** How gradients flow through a tensor: not at all, to what it was computed from, to itself in this call, or to a tensor from outside. */
export type Flow = "constant" | "computed" | "variable" | Tensor;

/** How gradients flow through a tensor. */
export function flowOf(x: Tensor): Flow {
  if (!x.tracked) return "constant";
  if (x.record) return "computed";
  return x.storage instanceof UnknownStorage ? "variable" : x;
}

/** The name and the start of a random stream that has not drawn yet, or is about to begin anew. */
export function nameOf(stream: Rewindable): string {
  stream.rewind();
  return JSON.stringify((stream as Rewindable & { state(): unknown }).state());
}

/** How a step of a call differs from the one of the trace. */
export function describe(name: string, step: Step, params: unknown): string {
  if (name !== step.spec.name) return `${name} takes the place of ${step.spec.name}`;
  return sameParams(step.params, params, Object.is)
    ? `${name} gets other tensors`
    : `the params of ${name} are others`;
}

/** Some numbers, shortened. */
export function numbers(data: Float64Array): string {
  return data.length === 1
    ? String(data[0])
    : `[${data.slice(0, 3).join(", ")}${data.length > 3 ? ", …" : ""}]`;
}
