import { Parameter } from "../parameter.ts";
import type { Tensor } from "../tensor.ts";
import { callerOf } from "../trap/caller.ts";
import type { WatchEvent, WatchedTensor } from "./trace.ts";

/** How much a recorder keeps. */
export interface Limits {
  readonly events: number;
  readonly numbers: number;
  /** Files that are no part of the watched program: their lines are no site. */
  readonly skips?: RegExp;
}

/** The line that called, read from the stack trace when it is asked for: that takes longer than all else. */
export function setSite(event: WatchEvent, place: Error, skips?: RegExp): void {
  const define = (site: PropertyDescriptor): void => {
    Object.defineProperty(event, "site", { ...site, enumerable: true, configurable: true });
  };
  define({
    get() {
      const value = callerOf(place, skips);
      define({ value, writable: true });
      return value;
    },
  });
}

/** The kind of a tensor that is met for the first time. */
export function kindOf(x: Tensor): WatchedTensor["kind"] {
  if (x instanceof Parameter) return "parameter";
  if (x.record) return "result";
  return x.tracked ? "variable" : "constant";
}
