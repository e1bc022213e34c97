import { ArgumentError, sameShape, show, Tensor } from "@gradus/core";
import { hook } from "@gradus/core/internal";
import { finalizer } from "../finalizer.ts";
import type { WasmEngine } from "../wasm/engine.ts";
import { currentEngine } from "../wasm/wasm.ts";
import { makePlan, type Plan, type StepTime } from "./plan.ts";
import { mapTensors } from "./structure.ts";
import type { Operand } from "./trace.ts";
import { Tracer, unknown } from "./tracer.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** A function that {@link compile} made. It is called like the one it was made from. */
export interface Compiled<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** A table of the steps and buffers for arguments of these shapes. */
  describe(...args: Args): string;
  /** Calls it, and says how long each step took. Random streams move on and parameters change, as in any call. */
  profile(...args: Args): readonly StepTime[];
  /** Whether it was traced for arguments of these shapes. */
  traced(...args: Args): boolean;
  /** Gives its memory back at once, which happens by itself when the function is gone. The next call traces again. */
  release(): void;
}

/**
 * Makes a function of tensors fast. The first call runs `fn` and notes its ops. Later calls run only these ops, in memory
 * planned in advance. The numbers are the same, to the last bit.
 *
 * A trace has ops, `backward`, optimizer steps and random tensors, in their order. Every call draws random numbers anew, and
 * reads the current numbers of parameters and other tensors from outside. Everything else in `fn` happens in the first call
 * only: printing, counting, deciding by a variable. There is one trace for each combination of shapes of the arguments, so a
 * smaller last batch is fine.
 *
 * The results (a tensor, Gradients, or arrays and objects of them) belong to the caller, as constants: to differentiate, call
 * `backward` inside.
 *
 * @param fn takes tensors, and may use any others.
 * @throws ArgumentError if `fn` reads the numbers of a tensor (`item()`, `data`, `toArray()`), which are not known while it is
 *   traced; if it is async; for arguments that are not tensors. All errors of the ops.
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
  let entries: Entry<Result>[] = [];
  const find = (args: Args): Entry<Result> | undefined => entries.find((entry) => entry.fits(args));
  const entryFor = (args: Args): Entry<Result> => {
    const engine = currentEngine();
    const known = find(args);
    if (known && known.engine === engine) return known;
    checkArguments(args);
    known?.plan.release();
    const entry = newEntry(fn, args, engine);
    entries = [...entries.filter((other) => other !== known), entry];
    abandoned.register(compiled, entry.plan);
    return entry;
  };
  const compiled = (...args: Args): Result => {
    // Inside another compiled function it is a part of that.
    const on = hook();
    if (on) return on.draws ? fn(...args) : opByOp(fn, args);
    const { plan, rebuild } = entryFor(args);
    return rebuild(args, plan.run(args));
  };
  return Object.assign(compiled, {
    describe: (...args: Args) => entryFor(args).plan.describe(),
    profile: (...args: Args) => entryFor(args).plan.profile(args),
    traced: (...args: Args) => find(args) !== undefined,
    release: () => {
      for (const { plan } of entries) plan.release();
      entries = [];
    },
  });
}

/** Gives the memory of plans back once their function is gone. */
const abandoned = finalizer<Plan>((plan) => plan.release());

/** The plan for arguments of certain shapes. */
interface Entry<Result> {
  readonly plan: Plan;
  readonly engine: WasmEngine | undefined;
  /** Whether it was made for such arguments. */
  fits(args: readonly Tensor[]): boolean;
  /** The value that the function returned, with the results of a run in it. */
  rebuild(args: readonly Tensor[], results: readonly Tensor[]): Result;
}

function checkArguments(args: readonly unknown[]): void {
  const other = args.find((x) => !(x instanceof Tensor));
  if (other === undefined && !args.includes(undefined)) return;
  throw new ArgumentError(
    `compile: the arguments of a compiled function must be tensors, got ${show(other)}; wrap a number in tensor(…)`,
  );
}

function newEntry<Args extends readonly Tensor[], Result>(
  fn: (...args: Args) => Result,
  args: Args,
  engine: WasmEngine | undefined,
): Entry<Result> {
  const places = args.map(({ shape }) => unknown(shape));
  const stand = args.map(({ shape, tracked }, i) => new Tensor(places[i].storage, shape, { tracked }));
  const tracer = new Tracer();
  const returned = tracer.trace(() => fn(...(stand as unknown as Args)));
  const results: Operand[] = [];
  // Where each returned tensor comes from, in the order in which `mapTensors` meets them.
  const sources: ((given: readonly Tensor[], computed: readonly Tensor[]) => Tensor)[] = [];
  mapTensors(returned, (x) => {
    const place = stand.indexOf(x);
    const next = results.length;
    if (place >= 0) sources.push((given) => given[place]);
    else if (!(x.storage instanceof UnknownStorage)) sources.push(() => x);
    else {
      sources.push((_, computed) => computed[next]);
      results.push(x);
    }
    return x;
  });
  return {
    plan: makePlan({ steps: tracer.steps, streams: tracer.streams, args: places, results }, engine),
    engine,
    fits: (given) =>
      given.length === stand.length &&
      stand.every(
        (x, i) =>
          given[i] instanceof Tensor && x.tracked === given[i].tracked && sameShape(x.shape, given[i].shape),
      ),
    rebuild: (given, computed) => {
      let next = 0;
      return mapTensors(returned, () => sources[next++](given, computed));
    },
  };
}

/** Calls a function as it is, for an observer to see its ops, with the results a plan would give: constants. */
function opByOp<Args extends readonly Tensor[], Result>(fn: (...args: Args) => Result, args: Args): Result {
  checkArguments(args);
  const stand = args.map(({ storage, shape, tracked }) => new Tensor(storage, shape, { tracked }));
  return mapTensors(fn(...(stand as unknown as Args)), (x) => {
    const place = stand.indexOf(x);
    return place >= 0 ? args[place] : x.record ? x.detach() : x;
  });
}
