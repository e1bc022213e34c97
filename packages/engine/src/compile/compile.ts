import { ArgumentError, noMore, ranges, show, Tensor } from "@gradus/core";
import { hook, Storage } from "@gradus/core/internal";
import { currentEngine } from "../wasm/wasm.ts";
import { Outside } from "./outside.ts";
import { makePlan, type Plan, type StepTime } from "./plan.ts";
import { PlanCache } from "./plan-cache.ts";
import type { CompiledPlan } from "./plan-data.ts";
import type { PlanMemory } from "./plan-memory.ts";
import { planText } from "./plan-text.ts";
import { dependsOn, returnedBy, type Source, withoutGradient } from "./returned.ts";
import type { Operand } from "./trace.ts";
import { Tracer, unknown } from "./tracer.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** A function that {@link compile} made. It is called like the one it was made from. */
export interface Compiled<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /**
   * The steps, buffers and memory for arguments of these shapes, as plain data that JSON keeps. Nothing is computed; a function that
   * was not traced for these shapes is traced.
   */
  plan(...args: Args): CompiledPlan;
  /** {@link Compiled.plan} as a text: a table of the steps, and the memory. */
  describe(...args: Args): string;
  /** Calls it, and says how long each step took. Random streams move on and parameters change, as in any call. */
  profile(...args: Args): readonly StepTime[];
  /** Whether it was traced for arguments of these shapes. */
  traced(...args: Args): boolean;
  /**
   * Gives its memory back at once. Without it that happens some time after the function is gone, but not before the event loop
   * turns: a loop without `await` that makes many compiled functions must release them. The next call traces again.
   */
  release(): void;
}

/**
 * Makes a function of tensors fast. The first call runs `fn` and notes its ops. Later calls run only these ops, in memory
 * planned in advance. The numbers are the same, to the last bit.
 *
 * A trace has ops, `backward`, optimizer steps and random tensors, in their order. Every call draws random numbers anew, and
 * reads the current numbers of parameters and other tensors from outside. Everything else in `fn` happens in the first call
 * only: printing, counting, deciding by a variable. There is one trace for each combination of shapes of the arguments, so a
 * smaller last batch is fine. The 64 combinations used last are kept (fewer, but at least 4, if they have more than 20,000 steps
 * together, or constants of more than 32 MB); others are traced again when they come back. All of them run in the same memory, as much as the largest needs. If
 * the memory of the SIMD kernels is full, functions that were not called for longest give theirs back.
 *
 * JavaScript variables, also what is in arrays, objects and maps, cannot be seen from outside: the trace keeps the value that
 * they had. Keep a value that changes in a tensor, and change it with `assign`; `item()`, `data` and `toArray()` of a tensor from
 * outside also count, since the function is traced again when their numbers have changed.
 *
 *     let beta = 1;                      const beta = tensor(1);
 *     compile((x) => x.mul(beta));       compile((x) => x.mul(beta));
 *     beta = 2; // later calls: still 1  beta.assign([2]); // later calls: 2
 *
 * `fit` compiles the training step by itself, and there variables count: it runs the code that you write, such as a loss, in every
 * step, and compares it with the trace; an op of gradus with the operands and params of the trace does not run again. Of layers
 * and a loss of gradus it compares the fields instead, in less than 1 µs for XOR. A loss of your own over layers of gradus runs
 * alone, in 2 to 3 µs; with a layer or activation of your own all of the net runs, in 4 µs for XOR: less than 0.1 % of a step of
 * the MNIST preset `keras`, about a tenth of an epoch of XOR in one batch, and 15 to 30 % in batches of one row. A compiled function that
 * your loss calls is a part of the step, and its variables count as well; with `compile: false` it keeps them, as anywhere else:
 *
 *     const weight = compile((y) => y.abs().mean().mul(beta));
 *     const loss = (y, t) => mse(y, t).mul(weight(y.detach())); // a constant
 *     fit(net, data, { loss, … });                  // beta = 2 counts in the next step
 *     fit(net, data, { loss, compile: false, … });  // still 1
 *
 * The function returns a tensor, Gradients, numbers, texts, or arrays and plain objects of them; anything else is refused. Each
 * call returns new ones, with tensors and Gradients of its own, and all else as it was in the trace; an argument and a tensor from
 * outside, such as a weight, are returned themselves. Results are constants: to differentiate, call `backward` or `grad` inside.
 * Where the result depends on an argument that is a variable, or was computed from one, `backward` refuses it; pass `x.detach()`.
 *
 * @param fn takes tensors, and may use any others.
 * @throws ArgumentError for what later calls could not repeat: if `fn` reads numbers that it computes or changes itself, which
 *   are not known while it is traced; writes to a tensor from outside other than by updates and optimizers; updates an argument
 *   or a tensor that it makes; is async; returns a function, a Map or an object of a class; gets a variable as an argument twice, or
 *   one that it also uses from outside. For arguments that are not tensors. All errors of the ops.
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
  ...extra: readonly undefined[]
): Compiled<Args, Result> {
  noMore("compile", "fn", extra);
  if (!ranges.callable.admits(fn)) throw new ArgumentError(`compile: needs a function, got ${show(fn)}`);
  const compiled = (...args: Args): Result => {
    // Inside another compiled function it is a part of that. If it is busy, a step of it calls it, and its workspace is in use.
    if (hook() || plans.busy) return opByOp(fn, args);
    const { plan, rebuild, outside } = entryFor(args);
    outside.refuseOverlap(args);
    return rebuild(args, plan.run(args));
  };
  const plans = new PlanCache<Entry<Result>>(compiled);
  const entryFor = (args: Args): Entry<Result> => {
    checkArguments(args);
    const engine = currentEngine();
    const known = plans.find(args, engine);
    if (known?.outside.unchanged()) return known;
    const entry = newEntry(fn, args, () => plans.memory(engine));
    plans.add(args, entry);
    return entry;
  };
  const plan = (...args: Args): CompiledPlan => entryFor(args).plan.data();
  return Object.assign(compiled, {
    plan,
    describe: (...args: Args) => planText(plan(...args)),
    profile: (...args: Args) => entryFor(args).plan.profile(args),
    traced: (...args: Args) => areTensors(args) && plans.find(args, currentEngine()) !== undefined,
    release: () => plans.release(),
  });
}

/** The plan for arguments of certain shapes. */
interface Entry<Result> {
  readonly plan: Plan;
  readonly outside: Outside;
  /** The value that the function returned, with the results of a run in it. */
  rebuild(args: readonly Tensor[], results: readonly Tensor[]): Result;
}

/** Not a closure of `newEntry`: the plan would keep what the function returned, and maybe the compiled function in it. */
function madeIn(outside: Outside): (storage: Storage) => boolean {
  return (storage) => outside.made({ storage });
}

function areTensors(args: readonly unknown[]): args is readonly Tensor[] {
  for (let i = 0; i < args.length; i++) if (!(args[i] instanceof Tensor)) return false;
  return true;
}

function checkArguments(args: readonly unknown[]): void {
  if (areTensors(args)) return;
  const other = args.find((x) => !(x instanceof Tensor));
  throw new ArgumentError(
    `compile: the arguments of a compiled function must be tensors, got ${show(other)}; wrap a number in tensor(…)`,
  );
}

function newEntry<Args extends readonly Tensor[], Result>(
  fn: (...args: Args) => Result,
  args: Args,
  memory: () => PlanMemory,
): Entry<Result> {
  const places = args.map(({ shape }) => unknown(shape));
  const stand = args.map(({ shape, tracked }, i) => new Tensor(places[i].storage, shape, { tracked }));
  const variables = stand.filter(({ tracked }) => tracked);
  const tracer = new Tracer({ places, args });
  const outside = new Outside();
  const results: Operand[] = [];
  const sourceOf = (x: Tensor): Source => {
    const place = stand.indexOf(x);
    if (place >= 0) return (given) => given[place];
    if (outside.made(x)) {
      const numbers = x.data.slice();
      return () => new Tensor(numbers.slice(), x.shape);
    }
    if (!(x.storage instanceof UnknownStorage)) return () => x;
    const index = results.push(x) - 1;
    return dependsOn(x, variables)
      ? (_, computed) => withoutGradient(computed[index])
      : (_, computed) => computed[index];
  };
  // Inside of the trace: what the function returns may have getters that compute.
  const rebuild = outside.trace(tracer, places, () =>
    returnedBy(fn(...(stand as unknown as Args)), sourceOf),
  );
  return {
    plan: makePlan(
      {
        steps: tracer.steps,
        streams: tracer.streams,
        args: places,
        results,
        isConstant: madeIn(outside),
      },
      memory(),
    ),
    outside,
    rebuild,
  };
}

/** Calls a function as it is, for a hook to see its ops, with the results that a plan would give: constants. */
function opByOp<Args extends readonly Tensor[], Result>(fn: (...args: Args) => Result, args: Args): Result {
  checkArguments(args);
  const stand = args.map(({ storage, shape, tracked }) => new Tensor(storage, shape, { tracked }));
  const variables = stand.filter(({ tracked }) => tracked);
  const start = new Storage(new Float64Array(0)).id;
  const sourceOf = (x: Tensor): Source => {
    const place = stand.indexOf(x);
    if (place >= 0) return (given) => given[place];
    if (!x.record || x.storage.id < start) return () => x;
    const result = dependsOn(x, variables) ? withoutGradient(x) : x.detach();
    return () => result;
  };
  return returnedBy(fn(...(stand as unknown as Args)), sourceOf)(args, []);
}
