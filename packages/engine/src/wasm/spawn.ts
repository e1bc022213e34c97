import { ArgumentError, GradusError } from "@gradus/core";
import { reasonOf } from "@gradus/core/internal";
import { ENDED, ERROR_TEXT, ERROR_TEXT_BYTES, GENERATION, PHASE } from "./control.ts";

/** The first message to a worker. */
export interface Task {
  /** A `WebAssembly.Module` and a shared `WebAssembly.Memory`. */
  readonly module: object;
  readonly memory: object;
  readonly thread: number;
  readonly threads: number;
  /** Addresses of its own scratch memory, and of the control words that all threads share. */
  readonly scratch: number;
  readonly control: number;
}

/** A worker of the host, whichever kind it is. */
export interface Spawned {
  /** Whether it keeps the process from ending. */
  hold(on: boolean): void;
  terminate(): void;
}

export interface Listeners {
  /** "ready" before it works, "done" after it. */
  message(text: string): void;
  /** It could not start, or it ended; `error` says why, if there was one. */
  end(error?: unknown): void;
}

/** Plain text, because a function's own text depends on what has compiled it. */
const SOURCE = `
const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
const port = node?.parentPort ?? globalThis;
function start({ module, memory, thread, threads, scratch, control }) {
  const all = new Int32Array(memory.buffer);
  const wait = (word, old) => {
    const i = word >>> 2;
    Atomics.add(all, i + 1, 1);
    Atomics.wait(all, i, old);
    Atomics.sub(all, i + 1, 1);
    return 0;
  };
  const known = [];
  const execute = (instruction, ...rest) => {
    const words = new Int32Array(memory.buffer);
    const at = words[(instruction >>> 2) + 1] >>> 2;
    known[at] ??= new WebAssembly.Instance(
      new WebAssembly.Module(new Uint8Array(memory.buffer, 4 * at + 4, words[at]).slice()),
      { env: { memory } },
    ).exports;
    known[at].execute(instruction, ...rest);
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, wait, execute } });
  exports.initialize(scratch);
  port.postMessage("ready");
  try {
    exports.work(thread, threads, control);
  } catch (error) {
    const text = String(error).slice(0, ${ERROR_TEXT_BYTES});
    const place = new Uint8Array(memory.buffer, control + ${ERROR_TEXT + 4}, text.length);
    for (let i = 0; i < text.length; i++) place[i] = text.charCodeAt(i);
    const words = new Int32Array(memory.buffer, control);
    words[${ERROR_TEXT / 4}] = text.length;
    Atomics.compareExchange(words, ${ENDED / 4}, 0, thread);
    for (const word of [${GENERATION / 4}, ${PHASE / 4}]) {
      Atomics.add(words, word, 1);
      Atomics.notify(words, word);
    }
  }
  port.postMessage("done");
}
if (node?.parentPort) port.once("message", start);
else port.onmessage = ({ data }) => start(data);
`;

const POLICY = "If the page has a Content Security Policy, it must allow worker-src blob:";

/**
 * Starts a worker, in any host.
 *
 * @throws ArgumentError if this page may not share memory with it; GradusError if the host has no workers, or refuses one.
 */
export function spawn(task: Task, listeners: Listeners): Spawned {
  const { process } = globalThis as unknown as Host;
  const node = process?.getBuiltinModule?.("node:worker_threads");
  try {
    if (!node) checkPage();
    if (typeof SharedArrayBuffer === "undefined") {
      throw new GradusError("threads: this host has no SharedArrayBuffer");
    }
    return node ? spawnNode(node.Worker, task, listeners) : spawnWeb(task, listeners);
  } catch (cause) {
    if (cause instanceof GradusError) throw cause;
    throw new GradusError(`threads: this host refuses to start a worker: ${reasonOf(cause)}. ${POLICY}`, {
      cause,
    });
  }
}

function spawnNode(Worker: Host["NodeWorker"], task: Task, { message, end }: Listeners): Spawned {
  // None of the options of this process: loaders would only slow the start down.
  const worker = new Worker(SOURCE, { eval: true, execArgv: [] });
  worker.on("message", message);
  worker.on("error", end);
  worker.on("exit", () => end());
  worker.postMessage(task);
  return {
    hold: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

function checkPage(): void {
  const { crossOriginIsolated, Worker } = globalThis as unknown as Partial<Host>;
  if (!Worker) throw new GradusError("threads: this host has no Worker");
  if (crossOriginIsolated) return;
  throw new ArgumentError(
    "threads: this page may not share memory with workers. Serve it with the headers " +
      "`Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`",
  );
}

function spawnWeb(task: Task, { message, end }: Listeners): Spawned {
  const { Worker, Blob, URL } = globalThis as unknown as Host;
  const url = URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    message(data);
  };
  // An event without a message: the script was not loaded.
  worker.onerror = ({ message: text }) =>
    end(text || new GradusError(`threads: this page could not load a worker. ${POLICY}`));
  try {
    worker.postMessage(task);
  } catch (error) {
    worker.terminate();
    throw new ArgumentError(`threads: this host does not let workers share memory: ${reasonOf(error)}`);
  }
  return {
    hold: () => {},
    terminate: () => {
      worker.terminate(); // which nothing reports
      end();
    },
  };
}

/** The parts of the hosts that are used; the language's own library declares none of them. */
interface Host {
  readonly process?: { getBuiltinModule?(name: string): { readonly Worker: Host["NodeWorker"] } | undefined };
  readonly NodeWorker: new (
    source: string,
    options: { eval: true; execArgv: [] },
  ) => {
    on(event: "message", listener: (text: string) => void): void;
    on(event: "error" | "exit", listener: (error?: unknown) => void): void;
    postMessage(message: Task): void;
    ref(): void;
    unref(): void;
    terminate(): Promise<number>;
  };
  readonly crossOriginIsolated?: boolean;
  readonly Worker: new (
    url: string,
    options: { type: "module" },
  ) => {
    onmessage: (event: { data: string }) => void;
    onerror: (event: { message?: string }) => void;
    postMessage(message: Task): void;
    terminate(): void;
  };
  readonly Blob: new (parts: readonly string[], options: { type: string }) => object;
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
}
