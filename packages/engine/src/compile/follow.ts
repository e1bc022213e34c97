import { GradusError, type Tensor } from "@gradus/core";
import { hook } from "@gradus/core/internal";
import { currentEngine } from "../wasm/wasm.ts";
import { distanceOf } from "./distance.ts";
import { Follower } from "./follower.ts";
import type { Known } from "./known.ts";
import { makePlan, type Plan } from "./plan.ts";
import { PlanCache } from "./plan-cache.ts";
import type { PlanMemory } from "./plan-memory.ts";
import { Schedule, type Turn } from "./schedule.ts";
import type { Operand } from "./trace.ts";
import { type Traced, traceCall } from "./trace-call.ts";
import { isRefusal, unknown } from "./tracer.ts";

/** A function that {@link follow} made. */
export interface Followed<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** Code that may change variables has run: the next call with each combination of shapes is followed, or soon a later one. */
  recheck(): void;
  /** Makes the next call a followed one, to find what earlier ones may have missed. */
  checkNext(): void;
  /** Follows the last call once more, without its changes, if calls were not followed. @throws GradusError as a call does. */
  settle(): void;
  /** Makes all calls followed ones, because the function changes something that it reads. */
  always(): void;
  /** Gives its memory back. */
  release(): void;
}

/** A function that was traced so often, and in one of so many calls, is not worth a plan. */
const TRACES = 8;
const CALLS = 20;

/**
 * Makes the function `(...args) => rest(user(...args))` fast, as `compile` does, but with the numbers that it has without:
 * `user` runs in JavaScript in every call, and what it does is compared with the trace. Another constant is taken over,
 * other ops are traced anew; `rest` follows from `user` and runs only then. A function that is another one in most calls,
 * or cannot be traced, runs op by op from then on.
 *
 * Where following would cost more than 2 % of the call (tiny tensors), only some calls are followed: see {@link Schedule}.
 *
 * @param onGiveUp is told why the function runs op by op.
 * @throws GradusError if a followed call finds a change that calls before it may have missed. All errors of
 *   `user` and `rest`. @internal
 */
export function follow<Args extends readonly Tensor[], Seen, Result>(
  user: (...args: Args) => Seen,
  rest: (seen: Seen) => Result,
  onGiveUp: (reason: string) => void,
): Followed<Args, Result> {
  const schedule = new Schedule();
  let given = false;
  let calls = 0;
  let traces = 0;
  let last: readonly [entry: Entry<Result>, args: Args] | null = null;

  const opByOp = (args: Args): Result => rest(user(...args));
  const release = (): void => {
    last = null;
    plans.release();
  };
  const giveUp = (reason: string): void => {
    given = true;
    release();
    onGiveUp(reason);
  };

  const call = (...args: Args): Result => {
    if (given || hook()) return opByOp(args);
    calls++;
    const engine = currentEngine();
    const known = plans.find(args, engine);
    if (known && schedule.skip(known.turn)) {
      last = [known, args];
      return known.run(args);
    }

    const follower = new Follower(known?.trace ?? null, args);
    let entry: Entry<Result>;
    try {
      const places = known ? known.places : args.map(({ shape }) => unknown(shape));
      const next = traceCall(follower, user, rest, args, places, known?.whole ?? false);
      if (follower.why !== null) {
        giveUp(`because ${follower.why}`);
        return next?.returned as Result;
      }
      if (next) traces++;
      entry = next ? newEntry(next, places, plans.memory(engine), schedule) : (known as Entry<Result>);
    } catch (error) {
      if (follower.computes || follower.refused || !isRefusal(error)) throw error;
      const result = opByOp(args);
      giveUp(`as it could not be compiled. ${(error as GradusError).message}`);
      return result;
    }
    if (entry !== known) plans.add(args, entry);
    if (known && follower.change !== null) refuseMissed(follower.change, schedule.missed(known.turn));
    schedule.followed(entry.turn, known !== undefined && follower.change !== null);
    const result = entry.run(args);
    if (traces > TRACES && traces * CALLS > calls) {
      giveUp(`as it is another function in most calls: ${follower.change}`);
    }
    return result;
  };
  const settle = (): void => {
    if (!last) return;
    const [{ trace, places, whole, turn }, args] = last;
    const missed = schedule.unseen(turn) && schedule.missed(turn);
    if (!missed) return;
    const follower = new Follower(trace, args, true);
    let change: string | null;
    try {
      traceCall(follower, user, rest, args, places, whole);
      change = follower.change;
    } catch (error) {
      change = String(error);
    }
    if (change !== null) refuseMissed(change, missed);
  };
  const plans = new PlanCache<Entry<Result>>(call);
  return Object.assign(call, {
    recheck: () => schedule.event(),
    checkNext: () => {
      schedule.next = true;
    },
    settle,
    always: () => schedule.always(),
    release,
  });
}

function refuseMissed(change: string, missed: number): void {
  if (missed === 0) return;
  throw new GradusError(
    `it depends on something that changes during training: ${change}. In up to ${missed} steps before this one the change may ` +
      "have been missed; set compile: false, or keep the value in a tensor and change it with assign",
  );
}

/** The plan of a function for arguments of certain shapes. */
interface Entry<Result> {
  readonly plan: Plan;
  readonly trace: Known;
  readonly whole: boolean;
  readonly places: readonly Operand[];
  readonly turn: Turn;
  run(args: readonly Tensor[]): Result;
}

function newEntry<Result>(
  { known, whole, steps, results, rebuild }: Traced<Result>,
  places: readonly Operand[],
  memory: PlanMemory,
  schedule: Schedule,
): Entry<Result> {
  const plan = makePlan({ steps, streams: known.rewound, args: places, results }, memory);
  return {
    plan,
    trace: known,
    whole,
    places,
    turn: schedule.turn(distanceOf(known.steps, known.count)),
    run: (args) => rebuild(args, plan.run(args)),
  };
}
