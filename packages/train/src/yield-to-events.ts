// Both Node and browsers have these; the types of either are not needed.
declare const performance: { now(): number };
declare const setTimeout: (task: () => void, milliseconds: number) => unknown;
declare const setImmediate: ((task: () => void) => unknown) | undefined;
declare const MessageChannel: (new () => { readonly port1: Port; readonly port2: Port }) | undefined;
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The part of an AbortSignal that `fit` uses. */
export interface Abortable {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** Thrown by {@link eventYielder}: the signal was aborted, which is no failure. @internal */
export class Aborted {
  /** The signal's. */
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** The clock and the pause of {@link eventYielder}, for tests. @internal */
export interface YieldOptions {
  readonly now?: () => number;
  readonly pause?: () => Promise<void>;
}

/** The longest time without a pause. From 50 ms on browsers call a task long; people do not notice it yet. */
const BUDGET_MS = 50;

/**
 * Keeps the rest of a program alive during long work: page events, timers, Ctrl-C.
 *
 * @returns a function to call, and wait for, between two pieces of the work. Every 50 ms it lets all waiting events be
 *   handled; and it throws {@link Aborted} if the signal is aborted. @internal
 */
export function eventYielder(
  signal: Abortable | undefined,
  { now = () => performance.now(), pause = nextTask }: YieldOptions = {},
): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since >= BUDGET_MS) {
      await pause();
      since = now();
    }
    if (signal?.aborted) throw new Aborted(signal.reason);
  };
}

/** A turn of the event loop, without the 4 ms that browsers add to repeated `setTimeout(0)`. @internal */
export function nextTask(): Promise<void> {
  // Node handles messages in bursts without turning its loop, so a message would not do there.
  if (typeof setImmediate === "function") return new Promise((resolve) => void setImmediate(resolve));
  if (typeof MessageChannel !== "function") return new Promise((resolve) => void setTimeout(resolve, 0));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
