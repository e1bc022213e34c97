import { Tensor } from "@gradus/core";
import {
  chain,
  deviation,
  ids,
  isHeard,
  isOwnFunction,
  type LossWeight,
  lossWeights,
  ops,
  type Storage,
  soundVariance,
} from "@gradus/core/internal";
import { CallStorage, Literal } from "./call-storage.ts";
import { type Continued, Copies, type Noted } from "./copies.ts";
import { type Flow, flowOf } from "./known.ts";
import { copyParams } from "./params.ts";
import { operandsIn } from "./repeated-record.ts";
import type { Operand, Step } from "./trace.ts";

/** The ops of gradus: those with a name, and some that such ops consist of. */
const own: ReadonlySet<unknown> = new Set(
  [chain, deviation, soundVariance, ...Object.values(ops)].map(({ spec }) => spec),
);

/** Whether an op is one of gradus: what it does depends on its operands and params alone. */
export function isOwnOp(spec: object): boolean {
  return own.has(spec) || isOwnFunction(spec);
}

/** A call of a derived op of gradus in a trace. The same operands and params give the same steps, so they need not run again. */
export interface DerivedCall {
  readonly spec: object;
  readonly params: unknown;
  readonly reads: readonly Operand[];
  readonly flows: readonly Flow[];
  /** The first step after it. */
  readonly end: number;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** The divisors of weighted means that it has noted; null if nobody noted them. */
  readonly weights: readonly LossWeight[] | null;
  /** The constants that it makes, and the counts of their changes. */
  readonly literals: readonly Literal[];
  readonly versions: readonly number[];
  readonly noted: Noted;
}

/**
 * Runs a derived op, and says what a later call may leave out.
 *
 * @param noted the call in which it runs.
 * @param stepsOf gives its steps, once it has run, and the place of the first step after it.
 * @returns with `call` null if it is more than steps: if it draws random numbers, or somebody hears its targets.
 */
export function runDerived<T>(
  spec: object,
  inputs: readonly Tensor[],
  params: unknown,
  noted: Noted,
  run: () => T,
  stepsOf: () => { readonly steps: readonly Step[]; readonly end: number } | null,
): { readonly output: T; readonly call: DerivedCall | null } {
  const before = lossWeights()?.length ?? null;
  const output = run();
  const found = stepsOf();
  if (!found || isHeard() || !(output instanceof Tensor)) return { output, call: null };
  const { steps, end } = found;
  const { storage } = output;
  const plain = steps.every(
    ({ kind, spec }) => kind === "op" && !(spec as { readonly impure?: boolean }).impure,
  );
  const made =
    storage instanceof CallStorage && steps.some(({ writes }) => writes[0].storage === storage.stands);
  if (!plain || !made) return { output, call: null };
  const reads = inputs.map((x) => ({ storage: placeOf(x.storage, noted), shape: x.shape }));
  const given = new Set(reads.map((read) => read.storage));
  const read = new Set(steps.flatMap((step) => step.reads.map((x) => x.storage)));
  const literals = [...read].filter((x): x is Literal => x instanceof Literal && !given.has(x));
  const call: DerivedCall = {
    spec,
    params: copyParams(params),
    reads,
    flows: inputs.map(flowOf),
    end,
    inputs,
    output,
    weights: before === null ? null : (lossWeights()?.slice(before) ?? null),
    literals,
    versions: literals.map(({ version }) => version),
    noted,
  };
  return { output, call };
}

function placeOf(storage: Storage, { literals }: Noted): Storage {
  return storage instanceof CallStorage ? storage.stands : (literals.get(storage) ?? storage);
}

/** Whether a derived op notes the same as in its call in the trace, and its constants are those of then. */
export function notesTheSame({ weights, literals, versions }: DerivedCall): boolean {
  if (isHeard() || (weights === null) !== (lossWeights() === undefined)) return false;
  for (let i = 0; i < literals.length; i++) if (literals[i].version !== versions[i]) return false;
  return true;
}

/** The result of a derived op in another call with these operands. Notes what the op notes. */
export function repeatDerived(
  { reads, inputs, output, weights, noted }: DerivedCall,
  call: Continued,
  args: readonly unknown[],
): Tensor {
  const copies = new Copies(call, noted, inputs, () => operandsIn(call, args, reads), output, ids.next++);
  if (weights && weights.length > 0) {
    const list = lossWeights();
    for (const { weight, perSample } of weights) list?.push({ weight: copies.of(weight), perSample });
  }
  return copies.output;
}
