import { ArgumentError, GradusError } from "@gradus/core";
import * as at from "./control.ts";
import { INSTRUCTION_BYTES } from "./encoders.generated.ts";
import {
  type CompiledModule,
  createInstance,
  type KernelExports,
  kernelModule,
  type SharedMemory,
} from "./module.ts";
import { type Spawned, spawn } from "./spawn.ts";

/** The memory in which the threads work. */
export interface ThreadsHost {
  readonly memory: SharedMemory;
  /** Default: the embedded kernels. */
  readonly module?: CompiledModule;
  /** Reserves so many bytes for the threads. @returns their address, a multiple of 64. */
  allocate(bytes: number): number;
  /** Takes an allocated block back, once no thread uses it any more. */
  release?(address: number): void;
  /** Milliseconds without progress after which a program is given up. Default 10,000. */
  readonly patience?: number;
}

/**
 * Starts workers that help to run programs. They sleep when there is nothing to do, and do not keep the process alive.
 *
 * @param threads how many threads there will be, the calling one among them: a whole number from 2 on.
 * @throws ArgumentError in a page that is not cross-origin isolated.
 * @throws GradusError if a worker does not start.
 */
export async function startThreads(threads: number, host: ThreadsHost): Promise<Threads> {
  if (!Number.isInteger(threads) || threads < 2) {
    throw new ArgumentError(`threads: their number must be a whole number from 2 on, got ${threads}`);
  }
  const team = new Threads(threads, host);
  try {
    await team.ready;
  } catch (error) {
    await team.stop();
    throw error;
  }
  return team;
}

/** Threads that run programs together: the one that calls `run`, number 0, and workers. */
export class Threads {
  readonly threads: number;
  /** @internal */
  readonly ready: Promise<unknown>;
  readonly #host: ThreadsHost;
  readonly #exports: KernelExports;
  readonly #blocks: number[] = [];
  readonly #control: number;
  readonly #words: Int32Array;
  readonly #workers: Spawned[] = [];
  /** The scratch memory of each worker. */
  readonly #scratch: number[] = [];
  readonly #done: Promise<void>[] = [];
  /** Why nothing is run any more. */
  #failure: GradusError | null = null;
  /** The progress of all threads when `run` last looked. */
  #seen = "";
  #asked = 0;
  #waited = 0;

  /** Use {@link startThreads}, which waits until all are ready. @internal */
  constructor(threads: number, host: ThreadsHost) {
    this.threads = threads;
    this.#host = host;
    this.#control = this.#allocate(at.CONTROL_BYTES);
    this.#words = new Int32Array(host.memory.buffer, this.#control, at.CONTROL_BYTES / 4).fill(0);
    this.#exports = createInstance(host.memory, () => (this.#isStalled() ? 1 : 0), host.module);
    this.#exports.initialize(this.#allocate(this.#exports.scratchBytes()));
    const ready: Promise<void>[] = [];
    for (let thread = 1; thread < threads; thread++) ready.push(this.#start(thread));
    this.ready = Promise.all(ready);
  }

  /** Why nothing is run any more: a thread died or stalled, or all were stopped. */
  get failure(): GradusError | null {
    return this.#failure;
  }

  /**
   * Runs `count` instructions at the address `program`.
   *
   * If workers were dead before it began, the calling thread does their shares, and `failure` says so afterwards.
   *
   * @throws GradusError if a thread dies in the middle or nothing moves any more, and from then on in every call. The results
   * of the program are then in an unknown state.
   */
  run(program: number, count: number): void {
    if (this.#failure) throw this.#failure;
    this.#waited = 0;
    const before = this.#progress();
    let result: number;
    try {
      result = this.#exports.runShared(program, count, this.threads, this.#control);
    } catch (error) {
      throw this.#fail(0, error);
    }
    if (result === at.STALLED && this.#takeOver(program, count, before)) return;
    if (result === at.STALLED) throw this.#fail(at.STALLED);
    if (result !== 0) throw this.#fail(result, this.#errorText());
  }

  /** Ends the workers; resolves when none uses the memory any more. Nothing can be run afterwards. */
  async stop(): Promise<void> {
    for (const worker of this.#workers) worker.hold(true);
    if (!this.#failure) {
      this.#failure = new GradusError("threads: they were stopped");
      this.#end();
    }
    await Promise.all(this.#done);
    for (const worker of this.#workers) worker.terminate();
    for (const block of this.#blocks.splice(0)) this.#host.release?.(block);
  }

  #allocate(bytes: number): number {
    const block = this.#host.allocate(bytes);
    this.#blocks.push(block);
    return block;
  }

  /** Starts a worker; resolves when it is ready. */
  #start(thread: number): Promise<void> {
    const { memory, module = kernelModule() } = this.#host;
    const scratch = this.#allocate(this.#exports.scratchBytes());
    this.#scratch.push(scratch);
    return new Promise((resolve, reject) => {
      let finish: () => void;
      const done = new Promise<void>((end) => {
        finish = end;
      });
      const worker: Spawned = spawn(
        { module, memory, thread, threads: this.threads, scratch, control: this.#control },
        {
          message: (text) => {
            if (text === "done") return finish();
            worker.hold(false);
            resolve();
          },
          end: (error) => {
            reject(this.#failure ?? this.#fail(thread, error));
            finish();
          },
        },
      );
      this.#workers.push(worker);
      this.#done.push(done);
    });
  }

  /** How often each worker has shown that it moves: its scratch memory begins with that count. */
  #progress(): number[] {
    const words = new Int32Array(this.#host.memory.buffer);
    return this.#scratch.map((place) => Atomics.load(words, place / 4));
  }

  /**
   * Does the rest of a program alone, if the workers that are missing have not begun it: they are still counted as asleep, and
   * would see ENDED before they did anything. All others are done with the first instruction and wait; they are not woken.
   */
  #takeOver(program: number, count: number, before: readonly number[]): boolean {
    Atomics.compareExchange(this.#words, at.ENDED / 4, 0, at.STOPPED);
    const asleep = Atomics.load(this.#words, at.GENERATION / 4 + 1);
    const arrived = Atomics.load(this.#words, at.ARRIVED / 4);
    const missing = this.#progress().flatMap((now, i) => (now === before[i] ? i + 1 : []));
    if (missing.length === 0 || missing.length !== asleep || arrived + asleep !== this.threads) return false;
    this.#failure = failed(`thread ${missing[0]} of ${this.threads} died`);
    for (const worker of this.#workers) worker.terminate();
    for (const thread of missing) this.#exports.execute(program, thread, this.threads);
    this.#exports.run(program + INSTRUCTION_BYTES, count - 1);
    return true;
  }

  /** Refuses all further programs, and ends the workers. */
  #fail(thread: number, reason: unknown = "it ended"): GradusError {
    const what =
      thread === at.STALLED
        ? "nothing moved for too long"
        : `thread ${thread} of ${this.threads} died: ${reason}`;
    this.#failure = reason instanceof GradusError ? reason : failed(what, reason);
    this.#end();
    for (const worker of this.#workers) worker.terminate();
    return this.#failure;
  }

  /** Tells the workers to end, and wakes them. */
  #end(): void {
    Atomics.compareExchange(this.#words, at.ENDED / 4, 0, at.STOPPED);
    for (const word of [at.GENERATION, at.PHASE]) {
      Atomics.add(this.#words, word / 4, 1);
      Atomics.notify(this.#words, word / 4);
    }
  }

  #errorText(): string {
    const [length] = this.#words.subarray(at.ERROR_TEXT / 4);
    const characters = new Uint8Array(this.#host.memory.buffer, this.#control + at.ERROR_TEXT + 4, length);
    return String.fromCharCode(...characters);
  }

  /** Whether no thread has made progress for too long. The kernels ask while they wait. */
  #isStalled(): boolean {
    const now = Date.now();
    const words = new Int32Array(this.#host.memory.buffer);
    const places = [...this.#blocks, this.#control + at.ARRIVED, this.#control + at.PHASE];
    const seen = places.map((place) => Atomics.load(words, place / 4)).join();
    if (seen !== this.#seen) this.#waited = 0;
    // At most 100 ms at a time: the clock goes on while the process is stopped, by a debugger or a sleeping computer.
    else this.#waited += Math.min(Math.max(0, now - this.#asked), 100);
    this.#seen = seen;
    this.#asked = now;
    return this.#waited > (this.#host.patience ?? 10_000);
  }
}

function failed(what: string, cause?: unknown): GradusError {
  return new GradusError(
    `threads: ${what}; later calls run on one thread, until threads(n) starts new ones`,
    {
      cause,
    },
  );
}
