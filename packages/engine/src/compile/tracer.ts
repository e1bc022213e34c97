import type { Shape, Tensor } from "@gradus/core";
import {
  type AnyUpdate,
  type DrawHook,
  type Hook,
  type Rewindable,
  type Storage,
  withHook,
} from "@gradus/core/internal";
import type { Operand, Site, Step, TracedOp } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** Notes the ops, updates and random draws of a function, and computes nothing. */
export class Tracer implements Hook, DrawHook {
  readonly steps: Step[] = [];
  readonly streams: Rewindable[] = [];
  readonly #changed: Storage[] = [];
  #site: Site | null = null;

  /** Runs a function and notes its steps. */
  trace<T>(run: () => T): T {
    try {
      return withHook(this, run);
    } finally {
      // The changes were noted, not made.
      for (const storage of this.#changed.splice(0)) storage.version--;
    }
  }

  op(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    const out = unknown(outShape);
    const reads = inputs.map(operand);
    this.steps.push({ kind: "op", spec, reads, writes: [out], params, site: this.#site });
    return out.storage;
  }

  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void {
    this.steps.push({ kind: "update", spec, reads: reads.map(operand), writes: writes.map(operand), params });
    // Counted until the trace ends, so that `backward` refuses the same as without it.
    for (const { storage } of writes) {
      storage.version++;
      this.#changed.push(storage);
    }
  }

  /** The tracer notes draws too. */
  get draws(): DrawHook {
    return this;
  }

  fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    const forward = (_: unknown, out: Float64Array): void => fill(out);
    return this.op({ name, impure: true, forward }, [], shape, undefined);
  }

  made(rng: Rewindable): void {
    this.streams.push(rng);
  }

  within<T>(name: string, inputs: readonly Tensor[], compute: () => T): T {
    const outer = this.#site;
    this.#site = outer ?? siteOf(name, inputs);
    try {
      return compute();
    } finally {
      this.#site = outer;
    }
  }
}

/** An operand whose numbers only a run will know. */
export function unknown(shape: Shape): Operand {
  return { storage: new UnknownStorage(shape), shape };
}

function operand({ storage, shape }: Tensor): Operand {
  return { storage, shape };
}

function siteOf(name: string, inputs: readonly Tensor[]): Site {
  return { name, shapes: inputs.map(({ shape }) => shape) };
}
