import type { Shape } from "@gradus/core";
import type { AnySpec, AnyUpdate, Rewindable, Storage } from "@gradus/core/internal";

/** An operand of a step: where its elements lie, and the shape under which they are read. */
export interface Operand {
  readonly storage: Storage;
  readonly shape: Shape;
}

/** The part of an op's declaration that its steps need. */
export type TracedOp = Pick<AnySpec, "name" | "impure" | "kernel" | "forward">;

/** An op that was traced. A random tensor is one too, without inputs. */
export interface OpStep {
  readonly kind: "op";
  readonly spec: TracedOp;
  readonly reads: readonly Operand[];
  /** The result. */
  readonly writes: readonly [Operand];
  readonly params: unknown;
  /** What an error names: the outermost derived op that the op belongs to; null for the op itself. */
  readonly site: Site | null;
  /** The op whose gradient rule ran it; without one, no rule did. */
  readonly rule?: string | null;
}

/** A change of tensors that was traced. */
export interface UpdateStep {
  readonly kind: "update";
  readonly spec: AnyUpdate;
  readonly reads: readonly Operand[];
  readonly writes: readonly Operand[];
  readonly params: unknown;
}

export type Step = OpStep | UpdateStep;

/** The name and the shapes that an error begins with. */
export interface Site {
  readonly name: string;
  readonly shapes: readonly Shape[];
}

/** One call of a function: the steps that it consists of, in order, and its arguments and results. */
export interface Trace {
  readonly steps: readonly Step[];
  /** Random streams that the function makes: each run begins them anew. */
  readonly streams: readonly Rewindable[];
  readonly args: readonly Operand[];
  readonly results: readonly Operand[];
  /** Whether a tensor that is none of these was made by the function, so that no other trace has it. */
  isConstant(storage: Storage): boolean;
}
