import { ArgumentError, formatShape, type Shape, sameShape, sizeOf, type Tensor } from "@gradus/core";
import { type AnyUpdate, type DrawHook, type Rewindable, runUpdate, Storage } from "@gradus/core/internal";
import { type Call, CallStorage, Draw, Literal } from "./call-storage.ts";
import { computeSteps } from "./compute-steps.ts";
import { describe, type Flow, flowOf, type Known, nameOf, numbers } from "./known.ts";
import { copyParams, sameParams } from "./params.ts";
import type { Operand, OpStep, Step, TracedOp } from "./trace.ts";
import { operand, Tracer } from "./tracer.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/**
 * Notes one call of a function, as {@link Tracer}, and compares it with a known trace of an earlier call: the ops, their params,
 * the tensors from outside, the flow of gradients. Constants that the function makes may have other numbers; they are
 * copied into the known trace. From the first difference on, the call is traced anew. If the function asks for a number that is
 * not computed yet, all ops up to there are computed, and later ones at once.
 */
export class Follower extends Tracer implements Call {
  readonly flows: (readonly Flow[])[] = [];
  /** The first difference to the known trace, as a clause; null if there is none so far. */
  change: string | null = null;
  readonly #known: Known | null;
  /** Whether all steps so far are those of the known trace. */
  #agrees: boolean;
  #next = 0;
  /** Storages with this id or a larger one were made in this call. */
  readonly #start = new Storage(new Float64Array(0)).id;
  readonly #literals = new Map<Storage, Literal>();
  readonly #bound = new Set<Literal>();
  readonly #places: Operand[] = [];
  readonly #changedHere = new Set<Storage>();

  /** Without it nothing was computed: the numbers of the trace so far. */
  #numbers: Map<Storage, Float64Array> | null = null;
  readonly #args: readonly Tensor[];
  /** Tensors from outside that ops have read, and the count of their changes then. */
  readonly #used = new Map<Storage, number>();
  /** Whether the call ended with an error after which it cannot be repeated op by op. */
  refused = false;
  #ended = false;

  /** @param args the arguments of the call. */
  constructor(known: Known | null, args: readonly Tensor[]) {
    super();
    this.#known = known;
    this.#agrees = known !== null;
    this.#args = args;
  }

  override trace<T>(run: () => T): T {
    try {
      return super.trace(run);
    } finally {
      this.#ended = true;
    }
  }

  /** Why the function computes op by op; null as long as it is traced. */
  why: string | null = null;

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
      `it asks for the numbers of a tensor of shape ${shape}, which are not known yet while it is traced`,
    );
    return this.#numbers?.get(stands) as Float64Array;
  }

  /** The function computes op by op from here on. */
  #compute(why: string): void {
    if (this.#numbers) return;
    this.why = why;
    const steps = this.#agrees ? (this.#known as Known).steps.slice(0, this.#next) : this.steps;
    this.#agrees = false;
    this.#numbers = new Map(this.#places.map(({ storage }, i) => [storage, this.#args[i].data]));
    this.endChanges(true);
    computeSteps(steps, this.#numbers);
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
  argument(place: Operand): Storage {
    this.#places.push(place);
    return new CallStorage(place.shape, this, place.storage);
  }

  /** Whether the call was the known trace up to its end, with these tensors returned. */
  finished(returned: readonly Tensor[]): boolean {
    if (!this.#agrees) return false;
    const known = this.#known as Known;
    const ended = this.#next === known.count;
    const same =
      ended &&
      returned.length === known.returned.length &&
      known.returned.every(([place, flow], i) => this.#fits(returned[i], place, flow));
    if (!same) {
      this.#leave(ended ? "it returns other tensors" : `${known.steps[this.#next].spec.name} is left out`);
      return false;
    }
    known.rewound.splice(0, known.rewound.length, ...known.streams, ...this.streams);
    return true;
  }

  /**
   * @throws ArgumentError if a tensor was changed, other than by an update, after an op had used it: the op would use the new
   *   numbers.
   */
  checkOrder(): void {
    for (const [storage, literal] of this.#literals) {
      if (!sameParams(storage.data, literal.data, Object.is)) this.#refuseOrder(storage);
    }
    for (const [storage, version] of this.#used) {
      if (storage.version - this.changesOf(storage) !== version) this.#refuseOrder(storage);
    }
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
    if (storage instanceof UnknownStorage) return { storage: this.#own(storage).stands, shape };
    if (storage.id < this.#start || x.tracked || this.#changedHere.has(storage)) {
      this.#use(storage);
      return operand(x);
    }
    let literal = this.#literals.get(storage);
    if (!literal) {
      literal = new Literal(storage.data.slice());
      this.#literals.set(storage, literal);
    }
    return { storage: literal, shape };
  }

  override op(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    if (this.#numbers) {
      const out = new Float64Array(sizeOf(outShape));
      spec.forward(inputs, out, outShape, params);
      return new Storage(out);
    }
    const step = this.#expected();
    if (step?.kind === "op" && step.spec === spec && this.#sameOp(step, inputs, outShape, params)) {
      this.#next++;
      return new CallStorage(outShape, this, step.writes[0].storage);
    }
    if (step) this.#leave(describe(spec.name, step, params));
    return this.#note(spec, inputs, outShape, params);
  }

  override fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    const step = this.#expected();
    if (step?.spec instanceof Draw && step.spec.name === name && sameShape(step.writes[0].shape, shape)) {
      step.spec.fill = fill;
      this.#next++;
      return new CallStorage(shape, this, step.writes[0].storage);
    }
    if (step) this.#leave(describe(name, step, undefined));
    return this.#note(new Draw(name, fill), [], shape, undefined);
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
    const step = this.#expected();
    const same =
      step?.kind === "update" &&
      step.spec === spec &&
      this.#allFit(reads, step.reads, this.#flow()) &&
      writes.length === step.writes.length &&
      writes.every((x, i) => this.#written(x).storage === step.writes[i].storage) &&
      this.#sameParams(step.params, params);
    if (same) this.#next++;
    else {
      if (step) this.#leave(describe(spec.name, step, params));
      const targets = writes.map((x) => this.#written(x));
      this.steps.push({
        kind: "update",
        spec,
        reads: reads.map((x) => this.place(x)),
        writes: targets,
        params,
      });
      this.flows.push(reads.map(flowOf));
    }
    this.countChanges(writes);
  }

  #expected(): Step | undefined {
    if (!this.#agrees) return;
    const { steps, count } = this.#known as Known;
    if (this.#next < count) return steps[this.#next];
    this.#leave("it goes on with further ops");
    return;
  }

  #flow(): readonly Flow[] {
    return (this.#known as Known).flows[this.#next];
  }

  #note(spec: TracedOp, inputs: readonly Tensor[], shape: Shape, params: unknown): Storage {
    const out = { storage: new UnknownStorage(shape), shape };
    const { site } = this;
    const reads = inputs.map((x) => this.place(x));
    this.steps.push({ kind: "op", spec, reads, writes: [out], params: copyParams(params), site });
    this.flows.push(inputs.map(flowOf));
    return new CallStorage(shape, this, out.storage);
  }

  /** From here on the call is traced; the steps so far are those of the known trace. */
  #leave(change: string): void {
    const { steps, flows } = this.#known as Known;
    this.#agrees = false;
    this.change = change;
    this.steps.push(...steps.slice(0, this.#next));
    this.flows.push(...flows.slice(0, this.#next));
  }

  #sameOp(step: OpStep, inputs: readonly Tensor[], outShape: Shape, params: unknown): boolean {
    return (
      this.#allFit(inputs, step.reads, this.#flow()) &&
      sameShape(step.writes[0].shape, outShape) &&
      this.#sameParams(step.params, params)
    );
  }

  #allFit(inputs: readonly Tensor[], places: readonly Operand[], flows: readonly Flow[]): boolean {
    if (inputs.length !== places.length) return false;
    for (let i = 0; i < inputs.length; i++) if (!this.#fits(inputs[i], places[i], flows[i])) return false;
    return true;
  }

  #fits(x: Tensor, place: Operand, flow: Flow): boolean {
    if (flowOf(x) !== flow || !sameShape(x.shape, place.shape)) return false;
    const { storage } = x;
    if (storage instanceof UnknownStorage) return this.#own(storage).stands === place.storage;
    if (!(place.storage instanceof Literal)) {
      if (storage !== place.storage) return false;
      this.#use(storage);
      return true;
    }
    return storage.id >= this.#start && this.#bind(storage, place.storage);
  }

  #use(storage: Storage): void {
    if (!this.#used.has(storage)) this.#used.set(storage, storage.version - this.changesOf(storage));
  }

  /** Copies the numbers of a constant into the known trace. */
  #bind(storage: Storage, literal: Literal): boolean {
    const bound = this.#literals.get(storage);
    if (bound || this.#bound.has(literal)) return bound === literal;
    this.#literals.set(storage, literal);
    this.#bound.add(literal);
    const { data } = storage;
    if (!sameParams(data, literal.data, Object.is)) {
      this.change ??= `a constant is ${numbers(data)} instead of ${numbers(literal.data)}`;
      literal.set(data);
    }
    return true;
  }

  /** A tensor that an update writes. */
  #written(x: Tensor): Operand {
    const { storage } = x;
    if (storage instanceof UnknownStorage) return this.place(x);
    if (this.#literals.has(storage)) {
      this.refused = true;
      throw new ArgumentError("compile: the function updates a tensor that it made, after an op has used it");
    }
    this.#changedHere.add(storage);
    return operand(x);
  }

  #own(storage: UnknownStorage): CallStorage {
    if (storage instanceof CallStorage && storage.call === this) return storage;
    throw new ArgumentError(
      `compile: the function uses a tensor of shape ${formatShape(storage.shape)} that was computed while another function, ` +
        "or an earlier call, was traced",
    );
  }

  #sameParams(a: unknown, b: unknown): boolean {
    return sameParams(a, b, (x, y) => this.#sameStream(x, y));
  }

  /** Whether two random streams, made in the known and in this call, give the same numbers. */
  #sameStream(a: object, b: object): boolean {
    const { streams } = this.#known as Known;
    const place = streams.indexOf(a as Rewindable);
    return place >= 0 && b === this.streams[place] && nameOf(streams[place]) === nameOf(b as Rewindable);
  }
}
