/// <reference types="node" />
import type * as NodeCrypto from "node:crypto";
import type * as NodeFiles from "node:fs/promises";
import { ArgumentError } from "@gradus/core";
import type { FileBytes } from "@gradus/io";
import { StorageError } from "../store.ts";

/** A module of Node, found at run time: an import would make bundling for browsers fail. @internal */
export function node<T>(name: string): T {
  const found = globalThis.process?.getBuiltinModule?.(name);
  if (found === undefined) {
    throw new ArgumentError(
      "checkpoint: this host has no folders; pass a store instead of dir, such as indexedDbStore(name)",
    );
  }
  return found as T;
}

/** A name that nobody else has. (Not every host has the global `crypto`.) @internal */
export function randomName(): string {
  return node<typeof NodeCrypto>("node:crypto").randomBytes(8).toString("hex");
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

/** Forces the names in a folder to the disk. @internal */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and writes names to the disk without this.
  const folder = await node<typeof NodeFiles>("node:fs/promises")
    .open(path, "r")
    .catch(() => undefined);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
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

/** Runs an operation on files; an error of it becomes a StorageError. @param what the start of the message. @internal */
export async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw storageError(what, cause);
  }
}

/** An error of the file system as a StorageError, any other one as it is. @param what the start of the message. @internal */
export function storageError(what: string, cause: unknown): unknown {
  const { code, message } = Object(cause) as NodeJS.ErrnoException;
  if (code === undefined) return cause;
  return new StorageError(`${what}: ${REASONS[code] ?? message} (${code})`, { cause });
}
