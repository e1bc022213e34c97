import type { Abortable } from "./fit-options.ts";

/** Carries the reason of a signal out of the loops, so that it is not taken for a failure. @internal */
export class Aborted {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** @throws Aborted if the signal says so. @internal */
export function checkSignal(signal: Abortable | undefined): void {
  if (signal?.aborted) throw new Aborted(signal.reason);
}
