import { GradusError, type Tensor } from "@gradus/core";
import { hook } from "@gradus/core/internal";
import { currentEngine } from "../wasm/wasm.ts";
import { distanceOf } from "./distance.ts";
import { Follower } from "./follower.ts";
import type { Known } from "./known.ts";
import { makePlan, type Plan } from "./plan.ts";
import { keyOf, PlanCache } from "./plan-cache.ts";
import type { PlanMemory } from "./plan-memory.ts";
import type { Operand } from "./trace.ts";
import { type Traced, traceCall } from "./trace-call.ts";
import { unknown } from "./tracer.ts";

/** A function that {@link follow} made. */
export interface Followed<Args extends readonly Tensor[], Result> {
  (...args: Args): Result;
  /** Makes the next call with each combination of shapes a followed one: code that may change variables has run. */
  recheck(): void;
  /** Makes the next call a followed one, to find what earlier ones may have missed. */
  checkNext(): void;
  /** Makes all calls followed ones, because the function changes something that it reads. */
  always(): void;
  /** Gives its memory back. */
  release(): void;
}

/** Calls that are followed before the first one that is not. */
const FIRST = 300;
/** A function that was traced so often, and in one of so many calls, is not worth a plan. */
const TRACES = 8;
const CALLS = 20;

/**
 * Makes the function `(...args) => rest(user(...args))` fast, as `compile` does, but with the numbers that it has without:
 * `user` runs in JavaScript in every call, and what it does is compared with the trace. Another constant is taken over,
 * other ops are traced anew; `rest` follows from `user` and runs only then. A function that is another one in most calls,
 * or cannot be traced, runs op by op from then on.
 *
 * Where following would cost more than 3 % of the call (tiny tensors), only some calls are followed: the first 300, and
 * again 300 after each change; those after `recheck()`; later ones at irregular distances.
 *
 * @param onGiveUp is told why the function runs op by op.
 * @throws GradusError if a call at such a distance finds a change: the calls before it may have missed it. All errors of
 *   `user` and `rest`. @internal
 */
export function follow<Args extends readonly Tensor[], Seen, Result>(
  user: (...args: Args) => Seen,
  rest: (seen: Seen) => Result,
  onGiveUp: (reason: string) => void,
): Followed<Args, Result> {
  let given = false;
  let calls = 0;
  let traces = 0;
  /** Followed calls since the last change. */
  let calm = 0;
  /** Counts changes and calls of `recheck`. */
  let events = 0;
  let checked = false;

  const opByOp = (args: Args): Result => rest(user(...args));
  const giveUp = (reason: string): void => {
    given = true;
    plans.release();
    onGiveUp(reason);
  };

  const call = (...args: Args): Result => {
    if (given || hook()) return opByOp(args);
    calls++;
    const engine = currentEngine();
    const key = keyOf(args);
    const known = plans.find(key, engine);
    if (known && known.events === events && calm >= FIRST && !checked && known.skip()) return known.run(args);
    checked = false;

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
      entry = next ? newEntry(next, places, plans.memory(engine)) : (known as Entry<Result>);
    } catch (error) {
      if (!(error instanceof GradusError) || follower.computes || follower.refused) throw error;
      const result = opByOp(args); // an error of the function itself is thrown here again
      giveUp(`as it could not be compiled. ${error.message}`);
      return result;
    }
    if (entry !== known) plans.add(key, entry);
    if (known && follower.change !== null) {
      if (known.skipped > 0 && known.events === events) throw missed(follower.change, known.skipped);
      calm = Math.min(0, calm);
      events++;
    } else calm++;
    entry.followed(events);
    const result = entry.run(args);
    if (traces > TRACES && traces * CALLS > calls) {
      giveUp(`as it is another function in most calls: ${follower.change}`);
    }
    return result;
  };
  const plans = new PlanCache<Entry<Result>>(call);
  const checkNext = (): void => {
    checked = true;
  };
  const always = (): void => {
    calm = Number.NEGATIVE_INFINITY;
  };
  return Object.assign(call, {
    recheck: () => void events++,
    checkNext,
    always,
    release: () => plans.release(),
  });
}

function missed(change: string, skipped: number): GradusError {
  return new GradusError(
    `it depends on something that changes during training: ${change}. In up to ${skipped} steps before this one the change may ` +
      "have been missed; set compile: false, or keep the value in a tensor and change it with assign",
  );
}

/** The plan of a function for arguments of certain shapes. */
interface Entry<Result> {
  readonly plan: Plan;
  readonly trace: Known;
  readonly whole: boolean;
  readonly places: readonly Operand[];
  /** The count of events at its last followed call. */
  events: number;
  /** Calls since then. */
  skipped: number;
  /** Whether the next call need not be followed; counts it. */
  skip(): boolean;
  /** Notes a followed call. */
  followed(events: number): void;
  run(args: readonly Tensor[]): Result;
}

function newEntry<Result>(
  { known, whole, steps, results, rebuild }: Traced<Result>,
  places: readonly Operand[],
  memory: PlanMemory,
): Entry<Result> {
  const plan = makePlan({ steps, streams: known.rewound, args: places, results }, memory);
  const distance = distanceOf(known.steps, known.count);
  let random = 1;
  let limit = 0;
  return {
    plan,
    trace: known,
    whole,
    places,
    events: -1,
    skipped: 0,
    skip() {
      if (this.skipped >= limit) return false;
      this.skipped++;
      return true;
    },
    followed(events) {
      this.events = events;
      this.skipped = 0;
      // Irregular, so that a change that comes and goes in a rhythm is met at some time (Park & Miller 1988).
      random = (random * 48271) % 2147483647;
      limit = distance === 1 ? 0 : Math.floor(distance * (0.5 + random / 2147483647));
    },
    run: (args) => rebuild(args, plan.run(args)),
  };
}
