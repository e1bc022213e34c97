import { type Shape, sameShape, type Tensor } from "@gradus/core";
import type { AnyUpdate, Rewindable, Storage } from "@gradus/core/internal";
import { CallStorage, Draw, Literal } from "./call-storage.ts";
import { CallTracer } from "./call-tracer.ts";
import type { Head } from "./head.ts";
import { describe, type Flow, flowOf, type Known, nameOf, numbers } from "./known.ts";
import { sameParams } from "./params.ts";
import type { Operand, OpStep, Step, TracedOp } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

const NO_HEAD: Pick<Head, "reads"> = { reads: [] };

/**
 * Compares one call of a function with a known trace of an earlier call: the ops, their params, the tensors from outside, the
 * flow of gradients. Constants that the function makes may have other numbers; they are copied into the known trace. From the
 * first difference on, the call is traced anew.
 */
export class Follower extends CallTracer {
  /** The first difference to the known trace, as a clause; null if there is none so far. */
  change: string | null = null;
  readonly #known: Known | null;
  /** Whether all steps so far are those of the known trace. */
  #agrees: boolean;
  #next = 0;
  /** The steps that the call has not repeated, and the counts of changes of the tensors that they read, before it. */
  #head: Head | null = null;
  #starts: readonly number[] = [];

  /** @param args the arguments of the call. */
  constructor(known: Known | null, args: readonly Tensor[]) {
    super(args);
    this.#known = known;
    this.#agrees = known !== null;
  }

  protected override leaveTrace(): readonly Step[] {
    if (!this.#agrees) return this.steps;
    this.#agrees = false;
    return (this.#known as Known).steps.slice(0, this.#next);
  }

  /** The number of steps so far. */
  get position(): number {
    return this.#agrees ? this.#next : this.steps.length;
  }

  /** The call begins after the head of the known trace. @returns the tensor that the head gives. */
  skip(head: Head, args: readonly Tensor[]): Tensor {
    this.#next = head.count;
    this.#head = head;
    this.#starts = head.reads.map(({ version }) => version);
    for (const literal of head.literals) literal.call = this;
    for (const writes of head.writes) {
      for (const { storage } of writes) this.changedHere.add(storage);
      this.countChanges(writes);
    }
    return head.outputIn(this, args);
  }

  startOf(storage: Storage): number | undefined {
    return this.#starts[this.#head?.reads.indexOf(storage) ?? -1];
  }

  override checkOrder(): void {
    super.checkOrder();
    const { reads } = this.#head ?? NO_HEAD;
    for (let i = 0; i < reads.length; i++) this.checkVersion(reads[i], this.#starts[i]);
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

  override op(spec: TracedOp, inputs: readonly Tensor[], outShape: Shape, params: unknown): Storage {
    const step = this.#expected();
    if (step?.kind === "op" && step.spec === spec && this.#sameOp(step, inputs, outShape, params)) {
      this.#next++;
      return new CallStorage(outShape, this, step.writes[0].storage);
    }
    if (step) this.#leave(describe(spec.name, step, params));
    return super.op(spec, inputs, outShape, params);
  }

  override fill(name: string, shape: Shape, fill: (out: Float64Array) => void): Storage {
    const step = this.#expected();
    if (step?.spec instanceof Draw && step.spec.name === name && sameShape(step.writes[0].shape, shape)) {
      step.spec.fill = fill;
      this.#next++;
      return new CallStorage(shape, this, step.writes[0].storage);
    }
    if (step) this.#leave(describe(name, step, undefined));
    return super.fill(name, shape, fill);
  }

  override update(
    spec: AnyUpdate,
    reads: readonly Tensor[],
    writes: readonly Tensor[],
    params: unknown,
  ): void {
    const step = this.#expected();
    const same =
      step?.kind === "update" &&
      step.spec === spec &&
      this.#allFit(reads, step.reads, this.#flow()) &&
      writes.length === step.writes.length &&
      writes.every((x, i) => this.written(x).storage === step.writes[i].storage) &&
      this.#sameParams(step.params, params);
    if (same) {
      this.#next++;
      this.countChanges(writes);
      return;
    }
    if (step) this.#leave(describe(spec.name, step, params));
    super.update(spec, reads, writes, params);
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
    if (storage instanceof UnknownStorage) return this.own(storage).stands === place.storage;
    if (!(place.storage instanceof Literal)) {
      if (storage !== place.storage) return false;
      this.use(storage);
      return true;
    }
    return storage.id >= this.start && this.#bind(storage, place.storage);
  }

  /** Copies the numbers of a constant into the known trace. */
  #bind(storage: Storage, literal: Literal): boolean {
    const bound = this.literals.get(storage);
    if (bound || literal.call === this) return bound === literal;
    this.literals.set(storage, literal);
    literal.call = this;
    const { data } = storage;
    if (!sameParams(data, literal.data, Object.is)) {
      this.change ??= `a constant is ${numbers(data)} instead of ${numbers(literal.data)}`;
      literal.set(data);
    }
    return true;
  }

  #sameParams(a: unknown, b: unknown): boolean {
    return Object.is(a, b) || sameParams(a, b, (x, y) => this.#sameStream(x, y));
  }

  /** Whether two random streams, made in the known and in this call, give the same numbers. */
  #sameStream(a: object, b: object): boolean {
    const { streams } = this.#known as Known;
    const place = streams.indexOf(a as Rewindable);
    return place >= 0 && b === this.streams[place] && nameOf(streams[place]) === nameOf(b as Rewindable);
  }
}
