/** Starts programs, and ends them with all their children. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of these programs that is on the PATH. */
export function onPath(...names: readonly string[]): [program: string] | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  return found === undefined ? undefined : [found];
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The version in what a program prints: the first number with dots, or "unknown". */
export function versionOf([program, ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (_error, stdout) => {
      resolve(/(?<!-)\b\d+(\.\w+)+/.exec(stdout)?.[0] ?? "unknown");
    });
  });
}

/** A program that was started, in a process group of its own. */
export interface Running {
  /** Its output, after it has ended with code 0; rejects if it fails. */
  readonly output: Promise<string>;
  /** Ends it and its children at once; resolves when it is gone. */
  end(): Promise<void>;
}

export function start(
  [program, ...args]: readonly string[],
  options: { cwd: string; env?: object },
): Running {
  if (closed) throw new Error(`${program} was not started: interrupted`);
  const child: ChildProcess = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
    });
  }
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve()).once("error", () => resolve());
  });
  const output = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(printed.stdout);
      else reject(new Error(`${program} ended with ${signal ?? code}: ${printed.stderr.trim().slice(-500)}`));
    });
  });
  // No unhandled rejection if the caller ends the program and does not read its output.
  output.catch(() => {});
  const running: Running = {
    output,
    async end() {
      if (child.pid === undefined) return;
      killGroup(child.pid, "SIGTERM");
      await within(5, gone).catch(() => {});
      // Also children that ignored the signal or outlived their parent.
      killGroup(child.pid, "SIGKILL");
      await gone;
      alive.delete(running);
    },
  };
  alive.add(running);
  return running;
}

const alive = new Set<Running>();
let closed = false;

/** Ends all programs that still run, because they would outlive this one, and lets no other start. */
export async function endAll(): Promise<void> {
  closed = true;
  await Promise.all([...alive].map((running) => running.end()));
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The value of a promise, or an error if it takes longer. */
export async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer after ${seconds} s`)), 1000 * seconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
