import { type OpRecord, Tensor } from "@gradus/core";
import type { AnySpec, Storage } from "@gradus/core/internal";
import { type Call, CallStorage, Literal } from "./call-storage.ts";
import type { Known } from "./known.ts";
import type { Operand, Step } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** What a call has noted about storages from outside and constants. */
export interface Noted {
  /** The count of changes of the tensors from outside, when ops read them first. */
  readonly used: ReadonlyMap<Storage, number>;
  /** The constants of the call, as its trace keeps them. */
  readonly literals: ReadonlyMap<Storage, Literal>;
}

/** A call that begins after the head, with copies of its tensors. */
export interface Continued extends Call {
  /** The count of changes of a tensor from outside that the head reads, when the call began; undefined for others. */
  startOf(storage: Storage): number | undefined;
  /** A constant of this call that has the numbers of one of the trace. */
  constant(literal: Literal): Storage;
}

/** The first part of a known trace, which later calls need not repeat: its steps, and the graph of the tensor that it gave. */
export class Head {
  /** The number of steps. */
  readonly count: number;
  /** Tensors from outside that ops read. */
  readonly reads: readonly Storage[];
  /** Tensors from outside that updates write, once for each update. */
  readonly writes: readonly (readonly Operand[])[];
  /** Constants that ops read. */
  readonly literals: readonly Literal[];
  readonly #args: readonly Tensor[];
  readonly #output: Tensor;
  readonly #noted: Noted;

  private constructor(steps: readonly Step[], args: readonly Tensor[], output: Tensor, noted: Noted) {
    const read = new Set(steps.flatMap(({ reads }) => reads.map(({ storage }) => storage)));
    this.count = steps.length;
    this.literals = [...read].filter((storage) => storage instanceof Literal);
    this.reads = [...read].filter((x) => !(x instanceof Literal || x instanceof UnknownStorage));
    this.writes = steps.filter(({ kind }) => kind === "update").map(({ writes }) => writes);
    this.#args = args;
    this.#output = output;
    this.#noted = noted;
  }

  /**
   * @param count the number of steps of the head.
   * @param args the arguments of the traced call.
   * @param output the tensor that the head gave.
   * @returns null if that is a tensor from outside.
   */
  static of(
    { steps }: Known,
    count: number,
    args: readonly Tensor[],
    output: Tensor,
    noted: Noted,
  ): Head | null {
    if (!(output.storage instanceof CallStorage)) return null;
    return new Head(steps.slice(0, count), args, output, noted);
  }

  /** The tensor that the head gives, in another call with these arguments. Its graph is copied as far as somebody looks at it. */
  outputIn(call: Continued, args: readonly Tensor[]): Tensor {
    const output = this.#output;
    const place = this.#args.indexOf(output);
    if (place >= 0) return args[place];
    return new Copies(call, this.#noted, this.#args, args, output).output;
  }
}

/** The tensors of a call that stand for those of a traced one, which are made when they are needed. */
class Copies {
  readonly #call: Continued;
  readonly #noted: Noted;
  readonly #args: readonly Tensor[];
  readonly #to: readonly Tensor[];
  readonly #output: Tensor;
  /** The copy of the output. */
  readonly output: Tensor;
  #made: Map<Tensor, Tensor> | null = null;

  /** @param to the arguments of the call in place of `args`. */
  constructor(call: Continued, noted: Noted, args: readonly Tensor[], to: readonly Tensor[], output: Tensor) {
    this.#call = call;
    this.#noted = noted;
    this.#args = args;
    this.#to = to;
    this.#output = output;
    this.output = this.#copy(output);
  }

  of(x: Tensor): Tensor {
    this.#made ??= new Map([
      [this.#output, this.output],
      ...this.#args.map((x, i) => [x, this.#to[i]] as const),
    ]);
    let copy = this.#made.get(x);
    if (!copy) {
      copy = this.#copy(x);
      this.#made.set(x, copy);
    }
    return copy;
  }

  /** The count of changes of an input of an op when the op ran. */
  version(storage: Storage, version: number): number {
    const before = this.#noted.used.get(storage);
    const now = this.#call.startOf(storage);
    return before === undefined || now === undefined ? version : version - before + now;
  }

  #copy(x: Tensor): Tensor {
    const { storage, shape, tracked, record } = x;
    if (storage instanceof CallStorage) {
      const copy = new CallStorage(shape, this.#call, storage.stands);
      return new Tensor(copy, shape, { tracked, record: record && new CopiedRecord(record, this) });
    }
    const literal = this.#noted.literals.get(storage);
    return literal ? new Tensor(this.#call.constant(literal), shape) : x;
  }
}

/** The record of a copied tensor. Its inputs are copied when they are asked for: most calls never do. */
class CopiedRecord implements OpRecord {
  readonly id: number;
  readonly op: AnySpec;
  readonly params: unknown;
  readonly #record: OpRecord;
  readonly #copies: Copies;

  constructor(record: OpRecord, copies: Copies) {
    this.id = record.id;
    this.op = record.op;
    this.params = record.params;
    this.#record = record;
    this.#copies = copies;
  }

  get inputs(): readonly Tensor[] {
    return this.#record.inputs.map((x) => this.#copies.of(x));
  }

  get versions(): readonly number[] {
    const { inputs, versions } = this.#record;
    return inputs.map(({ storage }, i) => this.#copies.version(storage, versions[i]));
  }
}
