/// <reference types="node" />
import { open, stat } from "node:fs/promises";
import { FormatError } from "@gradus/core";
import { attempt, START } from "@gradus/core/text";

/**
 * Calls `check` with the start of a file (at most {@link START} bytes) and its length, then reads the whole file. So a
 * wrong file is refused before it is read. Devices and pipes have no length and are refused.
 *
 * @throws FormatError if this is no file; the errors of `check`; StorageError if the file cannot be read. @internal
 */
export function readChecked(
  path: string,
  check: (start: Uint8Array, length: number) => void,
  who: string,
): Promise<Uint8Array> {
  return attempt(who, async () => {
    // Before opening it: opening a pipe waits for its writer.
    const found = await stat(path);
    if (!found.isFile()) {
      throw new FormatError(`${who}: this is ${found.isDirectory() ? "a folder" : "not a file"}`);
    }
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const start = Buffer.alloc(Math.min(size, START));
      await file.read(start, 0, start.length, 0);
      check(start, size);
      return await file.readFile();
    } finally {
      await file.close();
    }
  });
}
