import { ArgumentError } from "@gradus/core";

/** Throws if a function that makes an initializer is given as one: it gets a shape where its options should be. */
export function refuseUncalled(who: string, given: unknown, call: string): void {
  if (!Array.isArray(given)) return;
  throw new ArgumentError(`${who}: it makes an initializer, and got the shape itself; call it: ${call}`);
}
