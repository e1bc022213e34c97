import type { GradusError, Tensor } from "@gradus/core";
import { hook, type Storage } from "@gradus/core/internal";
import { currentEngine } from "../wasm/wasm.ts";
import { Literal } from "./call-storage.ts";
import { Follower } from "./follower.ts";
import type { Head } from "./head.ts";
import type { Known } from "./known.ts";
import { makePlan, type Plan } from "./plan.ts";
import { PlanCache } from "./plan-cache.ts";
import type { PlanMemory } from "./plan-memory.ts";
import type { Operand } from "./trace.ts";
import { type Parts, type Traced, traceCall } from "./trace-call.ts";
import { isRefusal, unknown } from "./tracer.ts";

/** A function that {@link follow} made. */
export interface Followed<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** Gives its memory back. */
  release(): void;
}

/** A function that was traced so often, and in one of so many calls, is not worth a plan. */
const TRACES = 8;
const CALLS = 20;

/** The parts of a function, and what is known of them without running them. */
export interface Program<Args extends readonly Tensor[], Seen, Result> extends Parts<Args, Seen, Result> {
  /** Says that `first` does the same as in all calls with this number and these shapes; null if that is not known. */
  state(): number | null;
  /** Whether that holds for `second` too. */
  readonly ownSecond: boolean;
}

/**
 * Makes the function `(...args) => rest(second(first(...args), ...args))` fast, as `compile` does, but with the numbers that it
 * has without: `first` and `second` run in JavaScript in every call, and what they do is compared with the trace. Another
 * constant is taken over, other ops are traced anew; `rest` follows from them and runs only then. In the same state `first` does
 * not run: `second` gets a tensor that stands for its result. A function that is another one in most calls, or cannot be traced,
 * runs op by op from then on.
 *
 * @param onGiveUp is told why the function runs op by op, with an error from the place in it that is the reason, if there is one.
 * @throws all errors of the parts. @internal
 */
export function follow<Args extends readonly Tensor[], Seen, Result>(
  program: Program<Args, Seen, Result>,
  onGiveUp: (reason: string, place: Error | null) => void,
): Followed<Args, Result> {
  let given = false;
  let calls = 0;
  let traces = 0;

  const opByOp = (args: Args): Result => program.rest(program.second(program.first(...args), ...args));
  const giveUp = (reason: string, place: Error | null): void => {
    given = true;
    plans.release();
    onGiveUp(reason, place);
  };

  const call = (...args: Args): Result => {
    if (given || hook()) return opByOp(args);
    calls++;
    const engine = currentEngine();
    const known = plans.find(args, engine);
    const now = program.state();
    const same = known !== undefined && now !== null && known.state === now;
    if (same && program.ownSecond) return known.run(args);

    const places = known ? known.places : args.map(({ shape }) => unknown(shape));
    const follower = new Follower(known?.trace ?? null, args, places);
    let entry: Entry<Result>;
    try {
      const compared = { places, whole: known?.whole ?? false, head: same ? known.head : null };
      const next = traceCall(follower, program, args, compared);
      if (follower.why !== null) {
        giveUp(`because ${follower.why}`, follower.whyAt);
        return next?.returned as Result;
      }
      if (next) traces++;
      entry = next ? newEntry(next, places, plans.memory(engine)) : (known as Entry<Result>);
    } catch (error) {
      if (follower.computes || follower.refused || !isRefusal(error)) throw error;
      const result = opByOp(args);
      giveUp(`as it could not be compiled. ${(error as GradusError).message}`, error as GradusError);
      return result;
    }
    if (entry !== known) plans.add(args, entry);
    entry.state = now;
    const result = entry.run(args);
    if (traces > TRACES && traces * CALLS > calls) {
      giveUp(`as it is another function in most calls: ${follower.change}`, null);
    }
    return result;
  };
  const plans = new PlanCache<Entry<Result>>(call);
  return Object.assign(call, { release: () => plans.release() });
}

/** The plan of a function for arguments of certain shapes. */
interface Entry<Result> {
  readonly plan: Plan;
  readonly trace: Known;
  readonly whole: boolean;
  readonly head: Head | null;
  readonly places: readonly Operand[];
  /** The state in which `first` did last what the plan does. */
  state: number | null;
  run(args: readonly Tensor[]): Result;
}

function isLiteral(storage: Storage): boolean {
  return storage instanceof Literal;
}

function newEntry<Result>(
  { known, whole, head, steps, results, rebuild }: Traced<Result>,
  places: readonly Operand[],
  memory: PlanMemory,
): Entry<Result> {
  const trace = { steps, streams: known.rewound, args: places, results, isConstant: isLiteral };
  const plan = makePlan(trace, memory);
  return {
    plan,
    trace: known,
    whole,
    head,
    places,
    state: null,
    run: (args) => rebuild(args, plan.run(args)),
  };
}
