import { ArgumentError, GradusError, type OpRecord, type Shape, type Tensor } from "@gradus/core";
import {
  type AnyUpdate,
  type DrawHook,
  type Hook,
  type Rewindable,
  type Storage,
  withHook,
} from "@gradus/core/internal";
import { computeSteps } from "./compute-steps.ts";
import { copyParams } from "./params.ts";
import type { Operand, Site, Step, TracedOp } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** The arguments of a call, and the operands that stand for them in the trace. */
export interface TracedCall {
  readonly places: readonly Operand[];
  readonly args: readonly Tensor[];
}

/** Notes the ops, updates and random draws of a function, and computes nothing. */
export class Tracer implements Hook, DrawHook {
  readonly steps: Step[] = [];
  readonly streams: Rewindable[] = [];
  /** Tensors that updates change, and what they called before a read. */
  readonly #changed: (readonly [storage: Storage, beforeRead: Storage["beforeRead"]])[] = [];
  /** The op that errors name: the outermost derived op that runs now. */
  protected site: Site | null = null;
  /** The op whose gradient rule runs now. */
  #rule: string | null = null;

  readonly #call: TracedCall | undefined;

  /** @param call the arguments with which the function is called, if it is called with any. */
  constructor(call?: TracedCall) {
    this.#call = call;
  }

  /** Runs a function and notes its steps. */
  trace<T>(run: () => T): T {
    try {
      return withHook(this, run);
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      this.endChanges();
    }
  }

  /**
   * The function has thrown an error. Unless that refuses to trace, random streams and tensors get the state that they have
   * without tracing: the steps so far are computed.
   */
  protected failed(error: unknown): void {
    if (!this.#call || isRefusal(error)) return;
    const { places, args } = this.#call;
    this.endChanges(true);
    computeSteps(this.steps, new Map(places.map(({ storage }, i) => [storage, args[i].data])));
  }

  op(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    const out = unknown(outShape);
    const reads = inputs.map(operand);
    const rule = this.#rule;
    this.steps.push({
      kind: "op",
      spec,
      reads,
      writes: [out],
      params: copyParams(params),
      site: this.site,
      rule,
    });
    return out.storage;
  }

  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void {
    this.steps.push({ kind: "update", spec, reads: reads.map(operand), writes: writes.map(operand), params });
    this.countChanges(writes);
  }

  /** Counts changes until the trace ends, so that `backward` refuses the same as without it; the numbers cannot be read. */
  protected countChanges(writes: readonly Pick<Tensor, "storage">[]): void {
    for (const { storage } of writes) {
      this.#changed.push([storage, storage.beforeRead]);
      storage.version++;
      storage.beforeRead = () => this.readChanged(storage);
    }
  }

  /** How many changes of a tensor are noted so far. */
  protected changesOf(storage: Storage): number {
    let count = 0;
    for (const [changed] of this.#changed) if (changed === storage) count++;
    return count;
  }

  /** The changes were noted, not made: takes the counts back, unless they are made now. */
  protected endChanges(made: boolean = false): void {
    if (this.#changed.length === 0) return;
    for (const [storage, beforeRead] of this.#changed.splice(0).reverse()) {
      storage.beforeRead = beforeRead;
      if (!made) storage.version--;
    }
  }

  /** The function reads a tensor that an update of this trace changes. */
  protected readChanged({ size }: Storage): void {
    throw new ArgumentError(
      `compile: the function reads the numbers of a tensor of ${size} elements after it has changed it. Read it after the call`,
    );
  }

  number(message: string): void {
    throw new ArgumentError(message);
  }

  /** The tracer notes draws too. */
  get draws(): DrawHook | undefined {
    return this;
  }

  fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    const forward = (_: unknown, out: Float64Array): void => fill(out);
    return this.op({ name, impure: true, forward }, [], shape, undefined);
  }

  made(rng: Rewindable): void {
    this.streams.push(rng);
  }

  within<T>(
    { name }: { readonly name: string },
    inputs: readonly Tensor[],
    compute: () => T,
    _params: unknown,
  ): T {
    const outer = this.site;
    this.site = outer ?? siteOf(name, inputs);
    try {
      return compute();
    } finally {
      this.site = outer;
    }
  }

  rule({ record }: Tensor, _index: number, _g: Tensor, compute: () => Tensor): Tensor {
    const outer = this.#rule;
    this.#rule = (record as OpRecord).op.name;
    try {
      return compute();
    } finally {
      this.#rule = outer;
    }
  }
}

/** Whether an error says that a function cannot be traced, where it can be computed. @internal */
export function isRefusal(error: unknown): boolean {
  return error instanceof GradusError && error.message.includes("compile: ");
}

/** An operand whose numbers only a run will know. */
export function unknown(shape: Shape): Operand {
  return { storage: new UnknownStorage(shape), shape };
}

export function operand({ storage, shape }: Tensor): Operand {
  return { storage, shape };
}

function siteOf(name: string, inputs: readonly Tensor[]): Site {
  return { name, shapes: inputs.map(({ shape }) => shape) };
}
