import { type Abortable, Aborted } from "./yield-to-events.ts";

// Node and browsers have these; declared here, so that the type libraries of neither are needed.
declare const setTimeout: ((task: () => void, milliseconds: number) => unknown) | undefined;
declare const clearTimeout: ((timer: unknown) => void) | undefined;

/** The time that callbacks and stores have, after the signal was aborted, to finish what they do: 2 seconds. @internal */
export const GRACE_MS = 2000;

/** The signal was aborted, and a callback or store had not finished {@link GRACE_MS} later. @internal */
export class Unfinished extends Aborted {}

/** Waits for the result of a callback or store; see {@link waiter}. @internal */
export type Wait = <T>(work: T | PromiseLike<T>) => Promise<T>;

/**
 * Returns a function that waits for a promise as `await` does, until the signal is aborted: then {@link GRACE_MS} longer at
 * most. A promise that never resolves therefore cannot hold a training for ever.
 *
 * @throws Unfinished after that time; the error of the promise. @internal
 */
export function waiter(signal: Abortable | undefined): Wait {
  if (typeof signal?.addEventListener !== "function") return async (work) => work;
  return async (work) => {
    if (typeof (work as { then?: unknown } | null | undefined)?.then !== "function") return work;
    let timer: unknown;
    let listener = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(new Unfinished(signal));
      listener = () => {
        if (typeof setTimeout === "function") timer = setTimeout(giveUp, GRACE_MS);
        else giveUp();
      };
      if (signal.aborted) listener();
      else signal.addEventListener?.("abort", listener);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      signal.removeEventListener?.("abort", listener);
      if (timer !== undefined) clearTimeout?.(timer);
    }
  };
}
