/// <reference types="node" />
import type * as NodeSyncFiles from "node:fs";
import type * as NodeOs from "node:os";
import { node } from "./node-files.ts";

/**
 * A process, so that others can tell whether it still runs. A process id alone says little: it is given again, after a
 * restart of the machine too, and in a container it is often 1.
 *
 * @internal
 */
export interface ProcessId {
  readonly host: string;
  /** The id of this start of the machine; "" if the system does not tell. */
  readonly boot: string;
  /** The set of process ids that `pid` belongs to (Linux: a container has its own); "" if the system does not tell. */
  readonly space: string;
  readonly pid: number;
  /** The time at which the process began, as the system counts it; "" if it does not tell. */
  readonly start: string;
}

let own: ProcessId | undefined;

/** This process. @internal */
export function thisProcess(): ProcessId {
  own ??= {
    host: node<typeof NodeOs>("node:os").hostname(),
    boot: textOf(({ readFileSync }) => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    space: textOf(({ readlinkSync }) => readlinkSync("/proc/self/ns/pid")),
    pid: globalThis.process.pid,
    start: statusOf(globalThis.process.pid).start,
  };
  return own;
}

/**
 * Whether a process still runs; `"unknown"` if it cannot be seen from here: it is of another machine or container, or the
 * system does not tell when a process began. @internal
 */
export function fateOf(other: ProcessId, me: ProcessId = thisProcess()): "running" | "ended" | "unknown" {
  if (other.host !== me.host) return "unknown";
  if (other.boot !== me.boot) return other.boot === "" || me.boot === "" ? "unknown" : "ended";
  if (other.space !== me.space) return "unknown";
  if (!hasProcess(other.pid)) return "ended";
  const { start, ended } = statusOf(other.pid);
  if (ended) return "ended";
  if (start === "" || other.start === "") return "unknown";
  return start === other.start ? "running" : "ended";
}

function hasProcess(pid: number): boolean {
  try {
    globalThis.process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs under another user
  }
}

/** From `/proc/PID/stat` of Linux: `PID (name) state … start …`. A killed process stays in state Z until its parent asks. */
function statusOf(pid: number): { readonly start: string; readonly ended: boolean } {
  const text = textOf(({ readFileSync }) => readFileSync(`/proc/${pid}/stat`, "latin1"));
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { start: fields[19] ?? "", ended: fields[0] === "Z" || fields[0] === "X" };
}

/** "" if there is no such file. */
function textOf(read: (files: typeof NodeSyncFiles) => string): string {
  try {
    return read(node<typeof NodeSyncFiles>("node:fs"));
  } catch {
    return "";
  }
}
