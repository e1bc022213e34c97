/// <reference types="node" />
import type * as NodeFiles from "node:fs/promises";
import type * as NodePath from "node:path";
import { ArgumentError, check, noMore, ranges, show } from "@gradus/core";
import { attempt, storageError } from "@gradus/core/text";
import { type FolderLock, IDLE, LOCK, lockFolder } from "./folder/lock.ts";
import { node, readWhole, syncFolder } from "./folder/node-files.ts";
import { removeRemains, temporarySuffix } from "./folder/temporary.ts";
import type { CheckpointStore } from "./store.ts";

/** Another machine may take so long to write a large file. */
const HOUR = 3_600_000;

/**
 * Writes a file atomically: at any moment the complete old file or the complete new one is there. It writes a temporary
 * file in the same folder, forces it to the disk (fsync), renames it, and forces the folder to the disk. (Without the
 * first fsync a power failure can leave a file of the right name full of zeros.) Temporary files that killed processes left
 * beside the same file are removed.
 *
 * @throws StorageError with the reason; the old file is then unchanged, and the temporary one is removed.
 * @example await writeFileAtomically("net.safetensors", saveWeights(net));
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
  ...extra: readonly undefined[]
): Promise<void> {
  noMore("writeFileAtomically", "path, bytes", extra);
  check("writeFileAtomically", "path", path, ranges.text);
  check("writeFileAtomically", "bytes", bytes, ranges.builtIn("Uint8Array"));
  const { basename, dirname } = node<typeof NodePath>("node:path");
  await attempt(`writeFileAtomically: cannot write ${path}`, () => replaceFile(path, bytes));
  await removeRemains(dirname(path), (file) => file === basename(path), HOUR).catch(() => {}); // the file is written
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const files = node<typeof NodeFiles>("node:fs/promises");
  const { dirname } = node<typeof NodePath>("node:path");
  const temporary = path + temporarySuffix();
  try {
    const file = await files.open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Creates a folder and the folders it lies in, and forces their names to the disk. Node's `recursive: true` never ends in a
 * folder that exists but takes no entry (ENOENT), such as /proc.
 */
async function createFolder(place: string): Promise<void> {
  const { mkdir, stat } = node<typeof NodeFiles>("node:fs/promises");
  const { dirname } = node<typeof NodePath>("node:path");
  const isFolder = async (path: string): Promise<boolean> =>
    (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const parents: string[] = [];
  const create = async (path: string): Promise<void> => {
    const parent = dirname(path);
    try {
      await mkdir(path);
    } catch (error) {
      if (await isFolder(path)) return;
      const absent = (error as NodeJS.ErrnoException).code === "ENOENT" && parent !== path;
      if (!absent || (await isFolder(parent))) throw error;
      await create(parent);
      return create(path);
    }
    parents.unshift(parent);
  };
  await create(place);
  for (const parent of parents) await syncFolder(parent);
}

/** The path from the root. @throws StorageError if the working folder was removed. */
function fullPath(dir: string): string {
  try {
    return node<typeof NodePath>("node:path").resolve(dir);
  } catch (error) {
    throw storageError(`checkpoint: cannot find ${dir} from the working folder`, error);
  }
}

/** Checkpoints as files of a folder, which is created if it does not exist; for Node, Bun and Deno. */
export function folderStore(dir: string): CheckpointStore {
  if (typeof dir !== "string" || dir === "")
    throw new ArgumentError(`checkpoint: dir must be a path, got ${show(dir)}`);
  const files = node<typeof NodeFiles>("node:fs/promises");
  const { join } = node<typeof NodePath>("node:path");
  const place = fullPath(dir);
  const EXTENSION = ".safetensors";
  const path = (name: string): string => join(place, name + EXTENSION);
  const isOurs = (file: string): boolean => file === LOCK || /^step-\d{10,}\.safetensors$/.test(file);
  let lock: FolderLock | undefined;
  return {
    place,
    async open() {
      await attempt(`checkpoint: cannot use the folder ${place}`, async () => {
        await createFolder(place);
        lock = await lockFolder(place);
        await removeRemains(place, isOurs, IDLE);
      });
    },
    async close() {
      await lock?.release();
      lock = undefined;
    },
    async names() {
      const all = await attempt(`checkpoint: cannot list ${place}`, () => files.readdir(place));
      return all.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
    },
    read: (name) => attempt(`checkpoint: cannot read ${path(name)}`, () => readWhole(path(name))),
    write: (name, bytes) =>
      attempt(`checkpoint: cannot write ${path(name)}`, async () => {
        await lock?.check();
        await replaceFile(path(name), bytes);
      }),
    remove: (name) =>
      attempt(`checkpoint: cannot remove ${path(name)}`, () => files.rm(path(name), { force: true })),
  };
}
