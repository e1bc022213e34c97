import { sameShape, Tensor } from "@gradus/core";
import type { Rewindable, Storage } from "@gradus/core/internal";
import { Literal } from "./call-storage.ts";
import { CallTracer } from "./call-tracer.ts";
import { type Flow, flowOf, type Known, nameOf, numbers } from "./known.ts";
import { sameParams } from "./params.ts";
import type { Operand } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** Compares operands and params of a call with those of a known trace. */
export class Comparer extends CallTracer {
  /** The first difference to the known trace, as a clause; null if there is none so far. */
  change: string | null = null;
  protected readonly compared: Known | null;

  /** @param compared the known trace, if there is one. */
  constructor(compared: Known | null, args: readonly Tensor[], places: readonly Operand[]) {
    super(args, places);
    this.compared = compared;
  }

  /** Whether an op of gradus is called with the operands and params of the known trace. */
  protected agreesWith(
    args: readonly unknown[],
    params: unknown,
    reads: readonly Operand[],
    flows: readonly Flow[],
    known: unknown,
  ): boolean {
    for (let i = 0; i < reads.length; i++) {
      const x = args[i];
      if (typeof x === "number") {
        const { storage, shape } = reads[i];
        if (!(storage instanceof Literal) || shape.length > 0 || storage.call === this) return false;
      } else if (!(x instanceof Tensor) || !this.fits(x, reads[i], flows[i])) {
        return false;
      }
    }
    if (!this.sameParams(known, params)) return false;
    for (let i = 0; i < reads.length; i++) {
      const x = args[i];
      if (typeof x === "number" && !this.#bindNumber(x, reads[i].storage as Literal)) return false;
    }
    return true;
  }

  #bindNumber(x: number, literal: Literal): boolean {
    if (literal.call === this) return false;
    literal.call = this;
    if (!Object.is(literal.data[0], x)) {
      this.change ??= `a constant is ${x} instead of ${literal.data[0]}`;
      literal.set(Float64Array.of(x));
    }
    return true;
  }

  protected allFit(inputs: readonly Tensor[], places: readonly Operand[], flows: readonly Flow[]): boolean {
    if (inputs.length !== places.length) return false;
    for (let i = 0; i < inputs.length; i++) if (!this.fits(inputs[i], places[i], flows[i])) return false;
    return true;
  }

  protected fits(x: Tensor, place: Operand, flow: Flow): boolean {
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
    this.noteLiteral(storage, literal);
    literal.call = this;
    const { data } = storage;
    if (!sameParams(data, literal.data, Object.is)) {
      this.change ??= `a constant is ${numbers(data)} instead of ${numbers(literal.data)}`;
      literal.set(data);
    }
    return true;
  }

  protected sameParams(a: unknown, b: unknown): boolean {
    return Object.is(a, b) || sameParams(a, b, (x, y) => this.#sameStream(x, y));
  }

  /** Whether two random streams, made in the known and in this call, give the same numbers. */
  #sameStream(a: object, b: object): boolean {
    const { streams } = this.compared as Known;
    const place = streams.indexOf(a as Rewindable);
    return place >= 0 && b === this.streams[place] && nameOf(streams[place]) === nameOf(b as Rewindable);
  }
}
