import type { Known } from "./check-given.ts";

/** Takes the options of a call or the params of an op: a copy without those that are `undefined`. `extra` comes after them. */
export type TakeGiven = (
  who: string,
  kind: "option" | "param" | "argument",
  given: unknown,
  known: Known,
  extra?: readonly unknown[],
) => Record<string, unknown>;

/** Checks nothing. Importing @gradus/core sets check-given.ts in its place, which checks names, types and ranges. */
let take: TakeGiven = (_who, _kind, given) =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));

export const takeGiven: TakeGiven = (...call) => take(...call);

export function useTakeGiven(next: TakeGiven): void {
  take = next;
}
