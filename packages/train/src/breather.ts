// What both Node and browsers have, without the types of either.
declare const performance: { now(): number };
declare const setTimeout: (task: () => void, milliseconds: number) => unknown;
declare const setImmediate: ((task: () => void) => unknown) | undefined;
declare const MessageChannel: (new () => { readonly port1: Port; readonly port2: Port }) | undefined;
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** Where a {@link Breather} takes its time and its pauses from. @internal */
export interface BreatherOptions {
  /** How long the thread may be held, in milliseconds. */
  readonly budget?: number;
  readonly now?: () => number;
  readonly pause?: () => Promise<void>;
}

/**
 * Lets the rest of the program run from time to time during long work: page events, timers, Ctrl-C.
 *
 * 50 ms is the length from which browsers call a task long, and below what people notice. @internal
 */
export class Breather {
  readonly #budget: number;
  readonly #now: () => number;
  readonly #pause: () => Promise<void>;
  #since: number;

  constructor({ budget = 50, now = () => performance.now(), pause = nextTask }: BreatherOptions = {}) {
    this.#budget = budget;
    this.#now = now;
    this.#pause = pause;
    this.#since = now();
  }

  /** Whether the thread has been held for long enough. */
  get due(): boolean {
    return this.#now() - this.#since >= this.#budget;
  }

  /** Comes back after everything that is waiting had its turn. */
  async breathe(): Promise<void> {
    await this.#pause();
    this.#since = this.#now();
  }
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
