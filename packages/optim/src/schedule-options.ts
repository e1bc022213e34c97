import { ArgumentError, check, noMore, type Range, ranges, resolveOptions } from "@gradus/core";
import type { Schedule } from "./schedules.ts";

/** An optimizer calls a schedule with the step alone. */
export function refuseUncalled(call: string, who: string): never {
  throw new ArgumentError(`${who}: it makes a schedule, and got one argument; call it: ${call}`);
}

/** Checks the rate of a schedule, then its options, which it returns. */
export function resolve<O extends object>(
  who: string,
  rate: unknown,
  options: O,
  takes: NoInfer<Takes<O>>,
): Required<O> {
  check(who, "rate", rate, ranges.nonNegative);
  if (options === undefined) {
    const needed = Object.keys(takes.ranges).filter((name) => !Object.hasOwn(takes.defaults, name));
    refuseUncalled(
      `${who}(0.1, { ${(needed.length > 0 ? needed : Object.keys(takes.ranges)).join(", ")} })`,
      who,
    );
  }
  return resolveOptions<Required<O>>(who, options, takes.defaults, takes.ranges);
}

interface Takes<O> {
  readonly defaults: Partial<Required<O>>;
  readonly ranges: { readonly [K in keyof Required<O>]: Range };
}

/** A schedule that checks its step. */
export function scheduleOf(who: string, rateAt: Schedule): Schedule {
  return (step, ...extra: readonly unknown[]) => {
    noMore(`the schedule ${who}`, "step", extra);
    check(`the schedule ${who}`, "the step", step, ranges.count);
    return rateAt(step);
  };
}
