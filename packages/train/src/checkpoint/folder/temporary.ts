/// <reference types="node" />
import type * as NodeFiles from "node:fs/promises";
import type * as NodePath from "node:path";
import { Sha256 } from "@gradus/core/internal";
import { node, randomName } from "./node-files.ts";
import { fateOf, type ProcessId, thisProcess } from "./process.ts";

/** A temporary file's name is that of the file, then `.tmp-gradus-`, the place, process, its start, and a random number. */
const SUFFIX = /\.tmp-gradus-([0-9a-f]{8})-([0-9]+)-([0-9]*)-[0-9a-z]+$/;

/** A suffix that no other writer has, and by which others can tell whether its writer still runs. @internal */
export function temporarySuffix(me: ProcessId = thisProcess()): string {
  return `.tmp-gradus-${placeOf(me)}-${me.pid}-${me.start}-${randomName()}`;
}

/** A digest of the machine, its start and the container: only there a process id can be looked up. */
function placeOf({ host, boot, space }: ProcessId): string {
  const text = JSON.stringify([host, boot, space]);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0)); // not every host has a TextEncoder
  return new Sha256().bytes(bytes).digest().slice(0, 8);
}

/**
 * Removes the temporary files of writers that have ended: of this machine at once, of others when they were not changed
 * for some time. Files with other names are never touched.
 *
 * @param isOf whether a temporary file of this file may be removed.
 * @param idle the time in milliseconds after which a file of another machine is taken to be left behind. @internal
 */
export async function removeRemains(
  dir: string,
  isOf: (file: string) => boolean,
  idle: number,
): Promise<void> {
  const files = node<typeof NodeFiles>("node:fs/promises");
  const { join } = node<typeof NodePath>("node:path");
  const me = thisProcess();
  for (const name of await files.readdir(dir)) {
    const [suffix, place, pid, start] = SUFFIX.exec(name) ?? [];
    if (suffix === undefined || !isOf(name.slice(0, -suffix.length))) continue;
    const path = join(dir, name);
    const fate = place === placeOf(me) ? fateOf({ ...me, pid: Number(pid), start }) : "unknown";
    if (fate === "running") continue;
    const { mtimeMs } = await files.stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (fate === "ended" || Date.now() - mtimeMs > idle) await files.rm(path, { force: true });
  }
}
