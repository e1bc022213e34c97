import { GradusError } from "@gradus/core";
import { now as clock } from "@gradus/core/internal";

// Node and browsers have these; declared here, so that the type libraries of neither are needed.
type Timer = ((task: () => void, milliseconds: number) => unknown) | undefined;
declare const setTimeout: Timer;
declare const setImmediate: Timer;
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
  addEventListener?(type: "abort", listener: () => void): void;
  removeEventListener?(type: "abort", listener: () => void): void;
}

/** Thrown by {@link eventYielder} if the signal is aborted. @internal */
export class Aborted {
  /** The signal's reason, or an error that says that there is none: old browsers and signals made by hand have no reason. */
  readonly reason: unknown;

  constructor({ reason }: Abortable) {
    this.reason = reason ?? new GradusError("fit: aborted; the signal gives no reason");
  }
}

/** Options of {@link eventYielder}; the clock and the pause are replaced by tests. @internal */
export interface YieldOptions {
  readonly now?: () => number;
  readonly pause?: () => Promise<void>;
}

/** The longest time without a pause. Browsers call a task of more than 50 ms a long task; users do not notice 50 ms. */
const BUDGET_MS = 50;

/**
 * Lets other events be handled during long work: page events, timers, Ctrl-C.
 *
 * @returns an async function to call between two parts of the work. Every 50 ms it waits until all pending events have
 *   been handled. It throws {@link Aborted} if the signal is aborted. @internal
 */
export function eventYielder(
  signal: Abortable | undefined,
  { now = clock, pause = nextTask }: YieldOptions = {},
): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since >= BUDGET_MS) {
      await pause();
      since = now();
    }
    if (signal?.aborted) throw new Aborted(signal);
  };
}

/**
 * Waits for one turn of the event loop, without the 4 ms that browsers add to repeated `setTimeout(0)`. In a host without
 * timers and messages, such as the bare shell of an engine, it does not wait. @internal
 */
export function nextTask(): Promise<void> {
  // In Node a message is no use: Node handles several messages in one turn of its event loop.
  if (typeof setImmediate === "function") return waiting(setImmediate);
  if (typeof MessageChannel !== "function") {
    return typeof setTimeout === "function" ? waiting(setTimeout) : Promise.resolve();
  }
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function waiting(timer: NonNullable<Timer>): Promise<void> {
  return new Promise((resolve) => void timer(resolve, 0));
}
