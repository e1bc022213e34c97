/// <reference types="node" />
import type * as NodeCrypto from "node:crypto";
import type * as NodeFiles from "node:fs/promises";
import type * as NodePath from "node:path";
import { ArgumentError, show } from "@gradus/core";
import type { FileBytes } from "@gradus/io";
import { type CheckpointStore, StorageError } from "./store.ts";

/** A module of Node, found at run time: an import would make bundling for browsers fail. */
function node<T>(name: string): T {
  const found = globalThis.process?.getBuiltinModule?.(name);
  if (found === undefined) {
    throw new ArgumentError(
      "checkpoint: this host has no folders; pass a store instead of dir, such as indexedDbStore(name)",
    );
  }
  return found as T;
}

/**
 * Writes a file atomically: at any moment the complete old file or the complete new one is there. It writes a temporary
 * file in the same folder, forces it to the disk (fsync), renames it, and forces the folder to the disk. (Without the
 * first fsync a power failure can leave a file of the right name full of zeros.)
 *
 * @throws StorageError with the reason; the old file is then unchanged, and the temporary one is removed.
 * @example await writeFileAtomically("net.safetensors", saveWeights(net));
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await attempt(`writeFileAtomically: cannot write ${path}`, () => replaceFile(path, bytes));
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const files = node<typeof NodeFiles>("node:fs/promises");
  const { dirname } = node<typeof NodePath>("node:path");
  const temporary = `${path}${temporarySuffix()}`;
  try {
    const file = await files.open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
    await syncFolder(files, dirname(path));
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

const GIBIBYTE = 1_073_741_824;

/** Reads a file piece by piece: Node's readFile refuses files of 2 GiB. @param piece the bytes of a piece. @internal */
export async function readWhole(path: string, piece: number = GIBIBYTE): Promise<FileBytes> {
  const file = await node<typeof NodeFiles>("node:fs/promises").open(path, "r");
  try {
    const out = new Uint8Array((await file.stat()).size);
    let at = 0;
    while (at < out.length) {
      const { bytesRead } = await file.read(out, at, Math.min(piece, out.length - at), at);
      if (bytesRead === 0) return out.slice(0, at); // it was cut meanwhile
      at += bytesRead;
    }
    return out;
  } finally {
    await file.close();
  }
}

/** The process id and a random number: no two writers have the same suffix. */
function temporarySuffix(): string {
  const random = node<typeof NodeCrypto>("node:crypto").randomBytes(4).toString("hex");
  return `.tmp-${globalThis.process.pid}-${random}`;
}

async function syncFolder(files: typeof NodeFiles, path: string): Promise<void> {
  // Windows cannot open a folder, and writes names to the disk without this.
  const folder = await files.open(path, "r").catch(() => undefined);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}

/** Checkpoints as files of a folder, which is created if it does not exist; for Node, Bun and Deno. */
export function folderStore(dir: string): CheckpointStore {
  if (typeof dir !== "string" || dir === "")
    throw new ArgumentError(`checkpoint: dir must be a path, got ${show(dir)}`);
  const files = node<typeof NodeFiles>("node:fs/promises");
  const { join, resolve } = node<typeof NodePath>("node:path");
  const place = resolve(dir);
  const EXTENSION = ".safetensors";
  const path = (name: string): string => join(place, name + EXTENSION);
  return {
    place,
    async open() {
      await attempt(`checkpoint: cannot use the folder ${place}`, async () => {
        await files.mkdir(place, { recursive: true });
        for (const name of await files.readdir(place)) {
          const [, pid] = /\.safetensors\.tmp-(\d+)-\w+$/.exec(name) ?? [];
          if (pid !== undefined && !isRunning(Number(pid)))
            await files.rm(join(place, name), { force: true });
        }
      });
    },
    async names() {
      const all = await attempt(`checkpoint: cannot list ${place}`, () => files.readdir(place));
      return all.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
    },
    read: (name) => attempt(`checkpoint: cannot read ${path(name)}`, () => readWhole(path(name))),
    write: (name, bytes) =>
      attempt(`checkpoint: cannot write ${path(name)}`, () => replaceFile(path(name), bytes)),
    remove: (name) =>
      attempt(`checkpoint: cannot remove ${path(name)}`, () => files.rm(path(name), { force: true })),
  };
}

function isRunning(pid: number): boolean {
  try {
    globalThis.process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs under another user
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EROFS: "the disk can only be read",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ENOENT: "there is no such folder or file; was it removed?",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file of that name",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EIO: "the disk reports an error",
};

/** Runs an operation on files; an error of it becomes a StorageError. @param what the start of the message. */
async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new StorageError(`${what}: ${REASONS[code] ?? message} (${code})`, { cause });
  }
}
