import { type Shape, sameShape, Tensor } from "@gradus/core";
import type { AnyUpdate, Storage } from "@gradus/core/internal";
import { CallStorage, Draw } from "./call-storage.ts";
import { Comparer } from "./comparer.ts";
import { isOwnOp, notesTheSame, repeatDerived, runDerived } from "./derived-call.ts";
import type { Head } from "./head.ts";
import { describe, type Flow, type Known } from "./known.ts";
import { recordAgain } from "./repeated-record.ts";
import { eachTensor } from "./structure.ts";
import type { Operand, OpStep, Step, TracedOp } from "./trace.ts";

const NO_HEAD: Pick<Head, "reads"> = { reads: [] };
const NO_STARTS: readonly number[] = [];

/**
 * Compares one call of a function with a known trace of an earlier call: the ops, their params, the tensors from outside, the
 * flow of gradients. Constants that the function makes may have other numbers; they are copied into the known trace. From the
 * first difference on, the call is traced anew.
 */
export class Follower extends Comparer {
  /** Whether all steps so far are those of the known trace. */
  #agrees: boolean;
  #next = 0;
  /** The steps that the call has not repeated, and the counts of changes of the tensors that they read, before it. */
  #head: Head | null = null;
  #starts: readonly number[] = NO_STARTS;

  constructor(known: Known | null, args: readonly Tensor[], places: readonly Operand[]) {
    super(known, args, places);
    this.#agrees = known !== null;
  }

  protected override leaveTrace(): readonly Step[] {
    if (!this.#agrees) return this.steps;
    this.#agrees = false;
    return (this.compared as Known).steps.slice(0, this.#next);
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
      for (const { storage } of writes) this.noteChange(storage);
      this.countChanges(writes);
    }
    return head.outputIn(this, args);
  }

  startOf(storage: Storage): number | undefined {
    return this.#starts[this.#head?.reads.indexOf(storage) ?? -1] ?? this.used.get(storage);
  }

  override checkOrder(): void {
    super.checkOrder();
    const { reads } = this.#head ?? NO_HEAD;
    for (let i = 0; i < reads.length; i++) this.checkVersion(reads[i], this.#starts[i]);
  }

  /** Whether the call was the known trace up to its end, with the tensors in this value returned. */
  finished(value: unknown): boolean {
    if (!this.#agrees) return false;
    const known = this.compared as Known;
    const { returned } = known;
    const ended = this.#next === known.count;
    let same = ended;
    let count = 0;
    eachTensor(value, (x) => {
      same &&= count < returned.length && this.fits(x, returned[count][0], returned[count][1]);
      count++;
    });
    same &&= count === returned.length;
    if (!same) {
      this.#leave(ended ? "it returns other tensors" : `${known.steps[this.#next].spec.name} is left out`);
      return false;
    }
    if (known.rewound.length + this.streams.length > 0)
      known.rewound.splice(0, known.rewound.length, ...known.streams, ...this.streams);
    return true;
  }

  /** The result of an op of gradus with the operands and params of the known trace. */
  known(spec: object, args: readonly unknown[], params: unknown): Tensor | null {
    if (!this.#agrees) return null;
    const { steps, flows, own, derived, count } = this.compared as Known;
    const at = this.#next;
    if (at >= count) return null;
    const call = this.site === null ? derived[at] : undefined;
    if (call?.spec === spec) {
      const { reads, flows, params: known } = call;
      if (!this.agreesWith(args, params, reads, flows, known) || !notesTheSame(call)) return null;
      this.#next = call.end;
      return repeatDerived(call, this, args);
    }
    const step = steps[at];
    if (step.spec !== spec || !own[at]) return null;
    if (!this.agreesWith(args, params, step.reads, flows[at], step.params)) return null;
    this.#next++;
    const { storage, shape } = step.writes[0];
    const record = recordAgain(this, step as OpStep, args, params);
    return new Tensor(new CallStorage(shape, this, storage), shape, { record });
  }

  override within<T>(
    spec: object & { readonly name: string },
    inputs: readonly Tensor[],
    compute: () => T,
    params: unknown,
  ): T {
    const run = (): T => super.within(spec, inputs, compute, params);
    if (this.site !== null || this.computes || !isOwnOp(spec)) return run();
    const start = this.position;
    const streams = this.streams.length;
    const { output, call } = runDerived(spec, inputs, params, this, run, () => {
      if (this.computes || streams !== this.streams.length) return null;
      const steps = this.#agrees ? (this.compared as Known).steps : this.steps;
      return { steps: steps.slice(start, this.position), end: this.position };
    });
    if (call) (this.#agrees ? (this.compared as Known) : this).derived[start] = call;
    return output;
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
      this.allFit(reads, step.reads, this.#flow()) &&
      writes.length === step.writes.length &&
      writes.every((x, i) => this.written(x).storage === step.writes[i].storage) &&
      this.sameParams(step.params, params);
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
    const { steps, count } = this.compared as Known;
    if (this.#next < count) return steps[this.#next];
    this.#leave("it goes on with further ops");
    return;
  }

  #flow(): readonly Flow[] {
    return (this.compared as Known).flows[this.#next];
  }

  /** From here on the call is traced; the steps so far are those of the known trace. */
  #leave(change: string): void {
    const { steps, flows, derived } = this.compared as Known;
    this.#agrees = false;
    this.change = change;
    for (let i = 0; i < this.#next; i++) {
      this.steps.push(steps[i]);
      this.flows.push(flows[i]);
      const call = derived[i];
      if (call && call.end <= this.#next) this.derived[i] = call;
    }
  }

  #sameOp(step: OpStep, inputs: readonly Tensor[], outShape: Shape, params: unknown): boolean {
    return (
      this.allFit(inputs, step.reads, this.#flow()) &&
      sameShape(step.writes[0].shape, outShape) &&
      this.sameParams(step.params, params)
    );
  }
}
