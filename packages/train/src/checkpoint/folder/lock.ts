/// <reference types="node" />
import type * as NodeFiles from "node:fs/promises";
import type * as NodePath from "node:path";
import { show } from "@gradus/core";
import { StorageError } from "../store.ts";
import { node, randomName } from "./node-files.ts";
import { fateOf, type ProcessId, thisProcess } from "./process.ts";
import { temporarySuffix } from "./temporary.ts";

/** The name of the lock file. @internal */
export const LOCK = "gradus.lock";

/** A lock of another machine counts as left behind if it was not renewed for so many milliseconds. @internal */
export const IDLE = 60_000;

/** The same for a process that runs: it is stopped, or it ended the worker that trained. */
const IDLE_THOUGH_RUNNING = 600_000;

const RENEWED_EVERY = 10_000;

/** The ids of the locks of this thread. */
const held = new Set<string>();

/** The content of the lock file. */
interface Holder extends ProcessId {
  readonly lock: "gradus";
  /** Of this lock; a process may have several. */
  readonly id: string;
  readonly since: string;
}

/** A lock on a folder. @internal */
export interface FolderLock {
  /** @throws StorageError if another training has taken the folder. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Locks a folder for one training, with a file that says who has it.
 *
 *     gradus.lock is there   its process runs             refused, unless it was not renewed for 10 minutes
 *                            its process has ended        taken over at once
 *                            it cannot be seen from here  refused, unless it was not renewed for a minute
 *
 * @throws StorageError if another training has the folder. @internal
 */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const place = lockPlace(dir);
  const mine: Holder = {
    lock: "gradus",
    ...thisProcess(),
    id: randomName(),
    since: new Date().toISOString(),
  };
  await take(place, mine);
  held.add(mine.id);
  const { files, path } = place;
  const isMine = async (): Promise<boolean> => (await holders(place)).at(-1)?.id === mine.id;
  /** The same bytes again: only the time of the last change becomes a new one, in the clock of the disk. */
  const renew = async (): Promise<void> => {
    if (await isMine()) await files.writeFile(path, JSON.stringify(mine), { flag: "r+" });
  };
  const renewal = globalThis.setInterval?.(() => void renew().catch(() => {}), RENEWED_EVERY);
  renewal?.unref?.();
  return {
    async check() {
      if (!(await isMine())) await take(place, mine); // if it was deleted, it is taken again
    },
    async release() {
      globalThis.clearInterval?.(renewal);
      held.delete(mine.id);
      if (await isMine().catch(() => false)) await files.rm(path, { force: true }).catch(() => {});
    },
  };
}

interface Place {
  readonly files: typeof NodeFiles;
  readonly dir: string;
  /** Of the lock. */
  readonly path: string;
  /** Of the file that says who takes the lock of this holder over. */
  readonly after: (id: string) => string;
}

function lockPlace(dir: string): Place {
  const path = node<typeof NodePath>("node:path").join(dir, LOCK);
  return {
    files: node<typeof NodeFiles>("node:fs/promises"),
    dir,
    path,
    after: (id) => `${path}.after-${id}`,
  };
}

/**
 * Takes the lock. It gets its name by a hard link: it is created with all its content, and only if there is none yet.
 *
 * Of several that find the lock of a holder X who has ended only one may replace it: the one that creates `gradus.lock.after-X`.
 * It is then the holder, and renames its own file to `gradus.lock`. Whoever creates `after-X` too late, when that was
 * removed again, sees that X no longer has the lock. If the one that was taking over has ended, the next one follows it.
 */
async function take(place: Place, mine: Holder): Promise<void> {
  const { files, dir, path, after } = place;
  const temporary = path + temporarySuffix();
  try {
    await files.writeFile(temporary, JSON.stringify(mine), { flag: "wx" });
    const now = (await files.stat(temporary)).mtimeMs; // in the clock of the disk, which may be another machine's
    for (let attempt = 0; attempt < 20; attempt++) {
      if (await create(place, temporary, path, mine)) return;
      const holder = (await holders(place)).at(-1);
      if (holder === undefined) continue; // it was just released
      refuseIfHeld(dir, holder, now);
      if (!(await create(place, temporary, after(holder.id), mine))) continue;
      const chain = await holders(place);
      if (chain.at(-1)?.id === mine.id) {
        await files.rename(temporary, path);
        for (const { id } of chain) await files.rm(after(id), { force: true });
        return;
      }
      await files.rm(after(holder.id), { force: true }); // another was faster
    }
    throw new StorageError(`checkpoint: ${dir} is taken and released by others all the time`);
  } finally {
    await files.rm(temporary, { force: true }).catch(() => {});
  }
}

/** Creates a file of the lock. @returns false if it is there already. */
async function create({ files }: Place, temporary: string, path: string, mine: Holder): Promise<boolean> {
  const unlessThere = (error: NodeJS.ErrnoException): boolean => {
    if (error.code === "EEXIST") return false;
    throw error;
  };
  try {
    await files.link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOENT") return unlessThere(error as NodeJS.ErrnoException);
    // The disk has no hard links (FAT).
    return files.writeFile(path, JSON.stringify(mine), { flag: "wx" }).then(() => true, unlessThere);
  }
}

/** The holder of the lock, then the one that takes it over, and so on; the last one has it. Empty if there is no lock. */
async function holders({ files, path, after }: Place): Promise<Held[]> {
  const chain: Held[] = [];
  for (let next: string | undefined = path; next !== undefined && chain.length < 100; ) {
    const holder = await readHolder(files, next);
    if (holder === undefined) break;
    chain.push(holder);
    next = after(holder.id);
  }
  return chain;
}

/** A holder, and the time of the last renewal. */
interface Held extends Holder {
  readonly renewed: number;
}

/** The content of a file of the lock; undefined if there is none. A power failure may leave an empty one. */
async function readHolder(files: typeof NodeFiles, path: string): Promise<Held | undefined> {
  let text: string;
  let renewed: number;
  try {
    text = await files.readFile(path, "utf8");
    renewed = (await files.stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const nobody = { host: "", boot: "", space: "", pid: 0, start: "", id: "empty", since: "" };
  if (/^\0*$/.test(text)) return { lock: "gradus", ...nobody, renewed };
  try {
    const { lock, pid, id, ...rest } = JSON.parse(text);
    if (lock === "gradus" && Number.isSafeInteger(pid) && pid > 0 && /^[0-9a-z]{1,40}$/.test(id)) {
      return { ...nobody, ...rest, lock, pid, id, renewed };
    }
  } catch {
    // refused below
  }
  throw new StorageError(`checkpoint: ${path} is not a lock of gradus, got ${show(text)}; move it elsewhere`);
}

function refuseIfHeld(dir: string, holder: Held, now: number): void {
  const idle = now - holder.renewed;
  const own = held.has(holder.id);
  let fate = fateOf(holder);
  // Of another worker of this process, which may have been ended.
  if (!own && fate === "running" && holder.pid === thisProcess().pid) fate = "unknown";
  const limit = fate === "running" ? IDLE_THOUGH_RUNNING : IDLE;
  if (!own && (fate === "ended" || idle > limit)) return;
  const who =
    holder.pid === 0 ? "unknown" : `process ${holder.pid} on ${show(holder.host)}, since ${holder.since}`;
  const seconds = Math.max(1, Math.ceil((limit - idle) / 1000));
  const way =
    own || fate === "running"
      ? "Wait for its end, stop it, or choose another folder"
      : `It cannot be seen from here whether it still runs: if not, try again in ${seconds} s, or delete ${LOCK}`;
  throw new StorageError(`checkpoint: another training saves to ${dir} (${who}). ${way}`);
}
