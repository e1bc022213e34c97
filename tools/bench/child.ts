/** A contestant's process: requests and answers of one line each. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export interface Answer {
  readonly about?: string;
  readonly note?: string;
  readonly unsupported?: string;
  readonly ms?: readonly number[];
  readonly figures?: Readonly<Record<string, number>>;
}

export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  #stderr = "";
  #waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;

  constructor([program, ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(program, args, { env: { ...process.env, NODE_OPTIONS: "", ...env } });
    alive.add(this);
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    this.#process.stdin.on("error", () => {}); // it has ended: `close` says so
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      if (line.startsWith("{")) this.#waiting?.resolve(line); // libraries print other lines
    });
    const fail = (error: Error): void => this.#waiting?.reject(error);
    this.#gone = new Promise((resolve) => {
      this.#process.once("error", (error) => {
        fail(error);
        resolve();
      });
      this.#process.once("close", (code, signal) => {
        fail(new Error(`ended with ${signal ?? code}: ${this.#lastLine}`));
        resolve();
      });
    });
  }

  /** Sends a request and waits for its answer. */
  async request(message: object, seconds: number): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        reject(new Error(`has ended: ${this.#lastLine}`));
      }
      timer = setTimeout(() => reject(new Error(`no answer after ${seconds} s`)), 1000 * seconds);
    });
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
    try {
      const { error, ...rest } = JSON.parse(await answer);
      if (error !== undefined) throw new Error(error);
      return rest;
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  /** The last line of standard error: the message of an exception, in Python and in JavaScript. */
  get #lastLine(): string {
    const lines = this.#stderr.trim().split("\n");
    return lines.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines[lines.length - 1];
  }

  /** The processor time of all its threads in milliseconds; on Linux only. */
  cpuTime(): number | undefined {
    try {
      const stat = readFileSync(`/proc/${this.#process.pid}/stat`, "utf8");
      const [user, system] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number);
      return 10 * (user + system); // hundredths of a second
    } catch {
      return undefined;
    }
  }

  /** Asks it to end, and kills it after two seconds. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 2000);
    await this.#gone;
    clearTimeout(timer);
    alive.delete(this);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

const alive = new Set<Child>();

/** Kills all children: for an interrupted program. */
export function killAll(): void {
  for (const child of alive) child.kill();
}
