import type { Shape, Tensor } from "@gradus/core";
import {
  type DrawHook,
  type Hook,
  located,
  type Rewindable,
  type RunnableOp,
  type RunnableUpdate,
  type Storage,
  withHook,
} from "@gradus/core/internal";
import { UnknownStorage } from "./unknown-storage.ts";

/** An operand of a step: where its elements lie, and the shape under which they are read. */
export interface Operand {
  readonly storage: Storage;
  readonly shape: Shape;
}

/** An op that was recorded. */
export interface OpStep {
  readonly kind: "op";
  readonly spec: RunnableOp;
  readonly inputs: readonly Operand[];
  readonly out: Operand;
  readonly params: unknown;
  /** What an error is to name: the op, or the outermost derived op it belongs to. */
  readonly site: Site;
}

/** A change of tensors that was recorded. */
export interface UpdateStep {
  readonly kind: "update";
  readonly spec: RunnableUpdate;
  readonly reads: readonly Operand[];
  readonly writes: readonly Operand[];
  readonly params: unknown;
}

/** Numbers that are made anew in every replay. */
export interface GenerateStep {
  readonly kind: "generate";
  readonly name: string;
  readonly out: Operand;
  readonly fill: (out: Float64Array) => void;
}

export type Step = OpStep | UpdateStep | GenerateStep;

interface Site {
  readonly name: string;
  readonly shapes: readonly Shape[];
}

/** The list of all that a function computes, in order. */
export class Tape implements Hook, DrawHook {
  readonly steps: Step[] = [];
  readonly streams: Rewindable[] = [];
  readonly #changed: Storage[] = [];
  #site: Site | null = null;

  /** Runs a function and takes down what it computes. */
  record<T>(run: () => T): T {
    try {
      return withHook(this, run);
    } finally {
      // The changes have only been recorded, not made.
      for (const storage of this.#changed.splice(0)) storage.version--;
    }
  }

  op(spec: RunnableOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    const out = unknown(outShape);
    const site = this.#site ?? { name: spec.name, shapes: inputs.map(({ shape }) => shape) };
    this.steps.push({ kind: "op", spec, inputs: inputs.map(operand), out, params, site });
    return out.storage;
  }

  update(spec: RunnableUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void {
    this.steps.push({ kind: "update", spec, reads: reads.map(operand), writes: writes.map(operand), params });
    // Counted, so that `backward` refuses what it would refuse otherwise, until the recording ends.
    for (const { storage } of writes) {
      storage.version++;
      this.#changed.push(storage);
    }
  }

  /** It notes draws itself. */
  get draws(): DrawHook {
    return this;
  }

  fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    const out = unknown(shape);
    this.steps.push({ kind: "generate", name, out, fill });
    return out.storage;
  }

  made(rng: Rewindable): void {
    this.streams.push(rng);
  }

  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T {
    const outer = this.#site;
    this.#site = outer ?? { name, shapes: inputs.map(({ shape }) => shape) };
    try {
      return compute();
    } finally {
      this.#site = outer;
    }
  }
}

/** An operand whose numbers only a replay will know. */
export function unknown(shape: Shape): Operand {
  return { storage: new UnknownStorage(shape), shape };
}

function operand({ storage, shape }: Tensor): Operand {
  return { storage, shape };
}

/** The error of a step, as the op would have reported it outside of a compiled function. */
export function errorOf(error: unknown, { name, shapes }: Site): unknown {
  return located(error, name, shapes);
}

/** What a step is called. */
export function stepName(step: Step): string {
  return step.kind === "generate" ? step.name : step.spec.name;
}

/** What a step reads. */
export function readsOf(step: Step): readonly Operand[] {
  return step.kind === "op" ? step.inputs : step.kind === "update" ? step.reads : [];
}

/**
 * The steps that matter: those that the results are made from, those that change a tensor, and those that draw random
 * numbers, which must be drawn in any case for the later ones to be the same.
 */
export function prune(steps: readonly Step[], results: readonly Storage[]): Step[] {
  const needed = new Set(results);
  const kept: Step[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    const pure = step.kind === "op" && !step.spec.impure;
    if (pure && !needed.has(step.out.storage)) continue;
    for (const { storage } of readsOf(step)) needed.add(storage);
    if (step.kind === "update") for (const { storage } of step.writes) needed.add(storage);
    kept.push(step);
  }
  return kept.reverse();
}
