import type { Shape } from "@gradus/core";
import { Storage } from "@gradus/core/internal";
import type { TracedOp } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** A call of a function that is followed. */
export interface Call {
  /** Whether it computes op by op from here on. */
  readonly computes: boolean;
  /** The numbers of a storage of its trace. If it has computed nothing so far, it computes all ops up to here. */
  numbers(stands: Storage): Float64Array;
}

/** The elements of a tensor of one call; they belong to the step that computes `stands` in the trace. */
export class CallStorage extends UnknownStorage {
  readonly call: Call;
  readonly stands: Storage;

  constructor(shape: Shape, call: Call, stands: Storage) {
    super(shape);
    this.call = call;
    this.stands = stands;
  }

  override get data(): Float64Array {
    return this.call.numbers(this.stands);
  }

  override get unknown(): string | null {
    return this.call.computes ? null : super.unknown;
  }
}

/** The plan's copy of a constant that the function makes anew in each call, such as the 2 in `x.mul(2)`. */
export class Literal extends Storage {
  /** The last call that gave it its numbers. */
  call: Call | null = null;

  set(values: Float64Array): void {
    this.data.set(values);
    this.version++;
  }
}

/** Draws random numbers as the last call of the function would. */
export class Draw implements TracedOp {
  readonly name: string;
  readonly impure = true;
  fill: (out: Float64Array) => void;

  constructor(name: string, fill: (out: Float64Array) => void) {
    this.name = name;
    this.fill = fill;
  }

  forward(_: unknown, out: Float64Array): void {
    this.fill(out);
  }
}
