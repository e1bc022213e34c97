import { ArgumentError, formatShape, type Shape, sizeOf, type Tensor } from "@gradus/core";
import { type AnyUpdate, type DrawHook, runUpdate, Storage } from "@gradus/core/internal";
import { type Call, CallStorage, Draw, Literal } from "./call-storage.ts";
import { computeSteps } from "./compute-steps.ts";
import type { DerivedCall } from "./derived-call.ts";
import { type Flow, flowOf } from "./known.ts";
import { copyParams, sameParams } from "./params.ts";
import type { Operand, Step, TracedOp } from "./trace.ts";
import { isRefusal, operand, Tracer } from "./tracer.ts";
import { UnknownStorage } from "./unknown-storage.ts";

const SCALAR: Shape = [];
/** Most calls that are compared with a trace note nothing: a call makes its own list for the first entry. */
const NO_LITERALS: Map<Storage, Literal> = new Map();
const NOT_USED: Map<Storage, number> = new Map();
const NOT_CHANGED: Set<Storage> = new Set();

/**
 * Notes one call of a function, as {@link Tracer}. If the function asks for a number that is not computed yet, all steps up to
 * there are computed, and later ones at once.
 */
export class CallTracer extends Tracer implements Call {
  readonly flows: (readonly Flow[])[] = [];
  /** For each step the derived op that begins with it. */
  readonly derived: (DerivedCall | undefined)[] = [];
  /** Why the function computes op by op; null as long as it is traced. */
  why: string | null = null;
  /** An error from the place that is the reason. */
  whyAt: Error | null = null;
  /** Whether the call ended with an error after which it cannot be repeated op by op. */
  refused = false;
  /** Storages with this id or a larger one were made in this call. */
  protected readonly start: number = new UnknownStorage(SCALAR).id;
  /** The constants of this call, as the trace keeps them. */
  literals: Map<Storage, Literal> = NO_LITERALS;
  readonly #args: readonly Tensor[];
  readonly #places: readonly Operand[];
  protected changedHere: Set<Storage> = NOT_CHANGED;
  /** Without it nothing was computed: the numbers of the trace so far. */
  #numbers: Map<Storage, Float64Array> | null = null;
  /** Tensors from outside that ops have read, and the count of their changes then. */
  used: Map<Storage, number> = NOT_USED;
  #ended = false;

  /**
   * @param args the arguments of the call.
   * @param places how they are known in the trace.
   */
  constructor(args: readonly Tensor[], places: readonly Operand[]) {
    super();
    this.#args = args;
    this.#places = places;
  }

  override trace<T>(run: () => T): T {
    try {
      return super.trace(run);
    } finally {
      this.#ended = true;
    }
  }

  get computes(): boolean {
    return this.#numbers !== null;
  }

  numbers(stands: Storage): Float64Array {
    const shape = formatShape((stands as UnknownStorage).shape);
    if (this.#ended && !this.#numbers) {
      throw new ArgumentError(
        `compile: the numbers of this tensor of shape ${shape} were not kept: it was computed inside a compiled function, in an ` +
          "earlier call. To use it later, set compile: false, or assign it to a tensor from outside",
      );
    }
    this.#compute(
      `it asks for the numbers of a tensor of shape ${shape}, which are not known yet while it is traced. To decide by them and be compiled, use where(condition, x, y)`,
    );
    return this.#numbers?.get(stands) as Float64Array;
  }

  /** The steps so far; later ones are noted in `steps`. */
  protected leaveTrace(): readonly Step[] {
    return this.steps;
  }

  /** The function computes op by op from here on. */
  #compute(why: string): void {
    if (this.#numbers) return;
    this.why = why;
    this.whyAt = new Error(why);
    this.endChanges(true);
    const steps = this.leaveTrace();
    this.#numbers = new Map(this.#places.map(({ storage }, i) => [storage, this.#args[i].data]));
    computeSteps(steps, this.#numbers);
  }

  /** After an error of the program, random streams and tensors stand where they stand without tracing. */
  protected override failed(error: unknown): void {
    if (!(this.refused || isRefusal(error))) this.#compute("it throws an error");
  }

  override get draws(): DrawHook | undefined {
    return this.#numbers ? undefined : this;
  }

  override number(): void {
    this.#compute("it draws random numbers by next, fill, integer or permutation");
  }

  protected override readChanged(): void {
    this.#compute("it reads a tensor that it has just changed");
  }

  /** The elements of an argument of this call. */
  argument({ storage, shape }: Operand): Storage {
    return new CallStorage(shape, this, storage);
  }

  /**
   * @throws ArgumentError if a tensor was changed, other than by an update, after an op had used it: the op would use the new
   *   numbers.
   */
  checkOrder(): void {
    for (const [storage, literal] of this.literals) {
      if (!sameParams(storage.data, literal.data, Object.is)) this.#refuseOrder(storage);
    }
    for (const [storage, version] of this.used) {
      this.checkVersion(storage, version);
    }
  }

  /** @param version the count of changes when the tensor was used. */
  protected checkVersion(storage: Storage, version: number): void {
    if (storage.version - this.changesOf(storage) !== version) this.#refuseOrder(storage);
  }

  #refuseOrder({ size }: Storage): never {
    this.refused = true;
    throw new ArgumentError(
      `compile: the function changes the numbers of a tensor of ${size} elements after an op has used them, and the op would get ` +
        "the new ones. Change it outside, or before it is used, or set compile: false",
    );
  }

  /** How a tensor of this call is known in the trace. */
  place(x: Tensor): Operand {
    const { storage, shape } = x;
    if (storage instanceof UnknownStorage) return { storage: this.own(storage).stands, shape };
    if (storage.id < this.start || x.tracked || this.changedHere.has(storage)) {
      this.use(storage);
      return operand(x);
    }
    let literal = this.literals.get(storage);
    if (!literal) {
      literal = new Literal(storage.data.slice());
      this.noteLiteral(storage, literal);
    }
    return { storage: literal, shape };
  }

  override op(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    if (this.#numbers) {
      const out = new Float64Array(sizeOf(outShape));
      spec.forward(inputs, out, outShape, params);
      return new Storage(out);
    }
    return this.note(spec, inputs, outShape, params);
  }

  protected note(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    const out = { storage: new UnknownStorage(outShape), shape: outShape };
    const { site } = this;
    const reads = inputs.map((x) => this.place(x));
    this.steps.push({ kind: "op", spec, reads, writes: [out], params: copyParams(params), site });
    this.flows.push(inputs.map(flowOf));
    return new CallStorage(outShape, this, out.storage);
  }

  override fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    return this.note(new Draw(name, fill), [], shape, undefined);
  }

  override update(
    spec: AnyUpdate,
    reads: readonly Tensor[],
    writes: readonly Tensor[],
    params: unknown,
  ): void {
    if (this.#numbers) {
      runUpdate(spec, reads, writes, params);
      return;
    }
    const targets = writes.map((x) => this.written(x));
    this.steps.push({
      kind: "update",
      spec,
      reads: reads.map((x) => this.place(x)),
      writes: targets,
      params,
    });
    this.flows.push(reads.map(flowOf));
    this.countChanges(writes);
  }

  protected use(storage: Storage): void {
    if (this.used.has(storage)) return;
    if (this.used === NOT_USED) this.used = new Map();
    this.used.set(storage, storage.version - this.changesOf(storage));
  }

  protected noteLiteral(storage: Storage, literal: Literal): void {
    if (this.literals === NO_LITERALS) this.literals = new Map();
    this.literals.set(storage, literal);
  }

  protected noteChange(storage: Storage): void {
    if (this.changedHere === NOT_CHANGED) this.changedHere = new Set();
    this.changedHere.add(storage);
  }

  /** A tensor that an update writes. */
  protected written(x: Tensor): Operand {
    const { storage } = x;
    if (storage instanceof UnknownStorage) return this.place(x);
    if (this.literals.has(storage)) {
      this.refused = true;
      throw new ArgumentError("compile: the function updates a tensor that it made, after an op has used it");
    }
    this.noteChange(storage);
    return operand(x);
  }

  /** A constant of this call in place of one of the trace. */
  constant(literal: Literal, numbers: Float64Array): Storage {
    const storage = new Storage(numbers.slice());
    this.noteLiteral(storage, literal);
    return storage;
  }

  protected own(storage: UnknownStorage): CallStorage {
    if (storage instanceof CallStorage && storage.call === this) return storage;
    this.refused = true; // op by op it would have no numbers either
    throw new ArgumentError(
      `compile: the function uses a tensor of shape ${formatShape(storage.shape)} that was computed while another function, ` +
        "or an earlier call, was traced, and its numbers were not kept. Use the tensors of this call, or set compile: false",
    );
  }
}
