import { type OpRecord, Tensor } from "@gradus/core";
import { type AnySpec, recordOf } from "@gradus/core/internal";
import type { Literal } from "./call-storage.ts";
import type { Continued } from "./copies.ts";
import type { Operand, OpStep } from "./trace.ts";

const ANY_NUMBER = new Tensor(new Float64Array(1), []);

/** The operands of an op as tensors of a call; a number becomes a constant in place of the one of the trace. */
export function operandsIn(call: Continued, args: readonly unknown[], reads: readonly Operand[]): Tensor[] {
  return reads.map(({ storage, shape }, i) => {
    const x = args[i];
    if (x instanceof Tensor) return x;
    return new Tensor(call.constant(storage as Literal, Float64Array.of(x as number)), shape);
  });
}

/** The record of an op that is called again with `args`; null if no gradient flows through it. */
export function recordAgain(
  call: Continued,
  { spec, reads }: OpStep,
  args: readonly unknown[],
  params: unknown,
): OpRecord | null {
  let numbers = args.length !== reads.length;
  for (let i = 0; i < reads.length; i++) if (typeof args[i] === "number") numbers = true;
  if (!numbers) return recordOf(spec as AnySpec, args as readonly Tensor[], params);
  const stand = reads.map((_, i) => (args[i] instanceof Tensor ? (args[i] as Tensor) : ANY_NUMBER));
  const record = recordOf(spec as AnySpec, stand, params);
  return record && new RepeatedRecord(record, () => operandsIn(call, args, reads));
}

/** A record whose numbers become tensors when they are asked for: most calls never do. */
class RepeatedRecord implements OpRecord {
  readonly id: number;
  readonly op: AnySpec;
  readonly versions: readonly number[];
  readonly params: unknown;
  readonly #operands: () => Tensor[];
  #inputs: readonly Tensor[] | null = null;

  constructor({ id, op, versions, params }: OpRecord, operands: () => Tensor[]) {
    this.id = id;
    this.op = op;
    this.versions = versions;
    this.params = params;
    this.#operands = operands;
  }

  get inputs(): readonly Tensor[] {
    this.#inputs ??= this.#operands();
    return this.#inputs;
  }
}
