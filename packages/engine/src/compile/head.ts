import type { Tensor } from "@gradus/core";
import type { Storage } from "@gradus/core/internal";
import { CallStorage, Literal } from "./call-storage.ts";
import { type Continued, Copies, type Noted } from "./copies.ts";
import type { Known } from "./known.ts";
import type { Operand, Step } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

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

  /** The tensor that the head gives, in another call with these arguments. */
  outputIn(call: Continued, args: readonly Tensor[]): Tensor {
    const place = this.#args.indexOf(this.#output);
    if (place >= 0) return args[place];
    return new Copies(call, this.#noted, this.#args, () => args, this.#output).output;
  }
}
