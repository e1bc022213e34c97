import { ArgumentError } from "../errors.ts";
import { kernels } from "../kernels/current.ts";
import type { Engine } from "../kernels/kernels.ts";
import { recorder } from "../recording.ts";
import { formatShape, show } from "../shape.ts";
import { UnknownStorage } from "../storage.ts";
import { Tensor } from "../tensor.ts";
import { OutOfRoom } from "./out-of-room.ts";
import { Plan, type Recording } from "./plan.ts";
import { mapTensors } from "./structure.ts";
import { type Operand, Tape, unknown } from "./tape.ts";

/** A function that {@link compile} made. It is called like the one it was made from. */
export interface Compiled<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** What it does for arguments of these shapes, as a table of steps and buffers. */
  describe(...args: Args): string;
  /** Whether it was recorded for arguments of these shapes. */
  recorded(...args: Args): boolean;
  /** Gives its memory back at once, which happens by itself when the function is gone. Called again, it records again. */
  release(): void;
}

/**
 * Makes a function of tensors fast: it is run once, to record which ops it consists of, and from then on only those are
 * done, in memory that was laid out beforehand. The numbers are the same, to the last bit.
 *
 * What is recorded: ops, `backward`, optimizer steps and random tensors, in their order; random numbers are drawn anew in
 * every call. Parameters and other tensors from outside are read afresh in every call. Everything else of the function
 * happens while it is recorded and never again: printing, counting, deciding by a variable. It is recorded once for each
 * combination of shapes of its arguments, so that a smaller last batch is fine.
 *
 * What it returns (a tensor, Gradients, or arrays and objects of them) is the caller's to keep, as constants: to
 * differentiate, call `backward` inside.
 *
 * @param fn takes tensors, and may use any others.
 * @throws ArgumentError if the function looks at the numbers of a tensor (`item()`, `data`, `toArray()`), which are not known
 *   while it is recorded; if it is async; for arguments that are not tensors. Whatever the ops throw.
 * @example
 * const step = compile((x: Tensor, target: Tensor) => {
 *   const loss = crossEntropy(net.forward(x, { train: true, rng }), target);
 *   adam.step(backward(loss));
 *   return loss;
 * });
 * for (const { inputs, targets } of batches(train, 64, { rng })) console.log(step(inputs, targets).item());
 */
export function compile<Args extends readonly Tensor[], Result>(
  fn: (...args: Args) => Result,
): Compiled<Args, Result> {
  if (typeof fn !== "function") throw new ArgumentError(`compile: needs a function, got ${show(fn)}`);
  const entries = new Map<string, Entry<Result>>();
  const entryFor = (args: Args): Entry<Result> => {
    const key = keyOf(args);
    const { engine } = kernels();
    const known = entries.get(key);
    if (known && known.engine === engine) return known;
    known?.plan.release();
    const entry = newEntry(fn, args, engine);
    entries.set(key, entry);
    abandoned.register(compiled, entry.plan);
    return entry;
  };
  const compiled = (...args: Args): Result => {
    if (recorder()) return fn(...args); // inside another compiled function it is a part of that
    const { plan, rebuild } = entryFor(args);
    return rebuild(args, plan.run(args));
  };
  return Object.assign(compiled, {
    describe: (...args: Args) => entryFor(args).plan.describe(),
    recorded: (...args: Args) => entries.has(keyOf(args)),
    release: () => {
      for (const { plan } of entries.values()) plan.release();
      entries.clear();
    },
  });
}

/** Gives the memory of plans back once their function is gone. */
const abandoned = new FinalizationRegistry<Plan>((plan) => plan.release());

interface Entry<Result> {
  readonly plan: Plan;
  readonly engine: Engine | undefined;
  /** What the function returned, with the results of a run in it. */
  rebuild(args: readonly Tensor[], results: readonly Tensor[]): Result;
}

function keyOf(args: readonly Tensor[]): string {
  let key = "";
  for (const x of args) {
    if (!(x instanceof Tensor)) {
      throw new ArgumentError(
        `compile: the arguments of a compiled function must be tensors, got ${show(x)}; wrap a number in tensor(…)`,
      );
    }
    key += `${formatShape(x.shape)}${x.tracked ? "'" : ""}`;
  }
  return key;
}

function newEntry<Args extends readonly Tensor[], Result>(
  fn: (...args: Args) => Result,
  args: Args,
  engine: Engine | undefined,
): Entry<Result> {
  const places = args.map(({ shape }) => unknown(shape));
  const stand = args.map(({ shape, tracked }, i) => new Tensor(places[i].storage, shape, { tracked }));
  const tape = new Tape();
  const returned = tape.record(() => fn(...(stand as unknown as Args)));
  const results: Operand[] = [];
  mapTensors(returned, (x) => {
    if (x.storage instanceof UnknownStorage && !stand.includes(x)) results.push(x);
    return x;
  });
  const rebuild = (given: readonly Tensor[], computed: readonly Tensor[]): Result => {
    let next = 0;
    return mapTensors(returned, (x) => {
      const place = stand.indexOf(x);
      if (place >= 0) return given[place];
      return x.storage instanceof UnknownStorage ? computed[next++] : x;
    });
  };
  return { plan: planOf({ tape, args: places, results }, engine), engine, rebuild };
}

function planOf(recording: Recording, engine: Engine | undefined): Plan {
  try {
    return new Plan(recording, engine);
  } catch (error) {
    if (!(error instanceof OutOfRoom)) throw error;
    return new Plan(recording, undefined);
  }
}
