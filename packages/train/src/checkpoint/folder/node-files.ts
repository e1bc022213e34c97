/// <reference types="node" />
import type * as NodeCrypto from "node:crypto";
import type * as NodeFiles from "node:fs/promises";
import { ArgumentError } from "@gradus/core";
import type { FileBytes } from "@gradus/io";

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
