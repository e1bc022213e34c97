import { type OpRecord, Tensor } from "@gradus/core";
import type { AnySpec, Storage } from "@gradus/core/internal";
import { type Call, CallStorage, type Literal } from "./call-storage.ts";

/** What a call has noted about storages from outside and constants. */
export interface Noted {
  /** The count of changes of the tensors from outside, when ops read them first. */
  readonly used: ReadonlyMap<Storage, number>;
  /** The constants of the call, as its trace keeps them. */
  readonly literals: ReadonlyMap<Storage, Literal>;
}

/** A call that leaves out ops of a traced one, with copies of their tensors. */
export interface Continued extends Call {
  /** The count of changes of a tensor from outside when this call used it first; undefined if it did not. */
  startOf(storage: Storage): number | undefined;
  /** A constant of this call in place of one of the trace. */
  constant(literal: Literal, numbers: Float64Array): Storage;
}

/** The ids of the records inside of an op are between those of its operands and its result: so far apart. */
const BETWEEN = 1 / 1048576;

/** The tensors of a call that stand for those of a traced one. The graph is copied as far as somebody looks at it. */
export class Copies {
  readonly #call: Continued;
  readonly #noted: Noted;
  readonly #from: readonly Tensor[];
  readonly #to: () => readonly Tensor[];
  readonly #output: Tensor;
  readonly #id: number | null;
  /** The copy of the output. */
  readonly output: Tensor;
  #made: Map<Tensor, Tensor> | null = null;

  /**
   * @param noted what the traced call has noted.
   * @param to gives the tensors of the call in place of `from`; all between them and `output` are copied.
   * @param id of the record of the copied output; null for the same as in the trace.
   */
  constructor(
    call: Continued,
    noted: Noted,
    from: readonly Tensor[],
    to: () => readonly Tensor[],
    output: Tensor,
    id: number | null = null,
  ) {
    this.#call = call;
    this.#noted = noted;
    this.#from = from;
    this.#to = to;
    this.#output = output;
    this.#id = id;
    this.output = this.#copy(output);
  }

  of(x: Tensor): Tensor {
    if (!this.#made) {
      const to = this.#to();
      this.#made = new Map(this.#from.map((from, i) => [from, to[i]]));
      this.#made.set(this.#output, this.output);
    }
    let copy = this.#made.get(x);
    if (!copy) {
      copy = this.#copy(x);
      this.#made.set(x, copy);
    }
    return copy;
  }

  /** The id of the copy of a record: the order stays that of creation. */
  idOf({ id }: OpRecord): number {
    return this.#id === null ? id : this.#id + BETWEEN * (id - (this.#output.record as OpRecord).id);
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
    if (!literal) return x;
    const { data } = this.#id === null ? literal : storage; // those of an op may be others in a later call
    return new Tensor(this.#call.constant(literal, data), shape);
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
    this.id = copies.idOf(record);
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
