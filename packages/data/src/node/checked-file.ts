/// <reference types="node" />
import { open, stat } from "node:fs/promises";
import { FormatError } from "@gradus/core";
import { START } from "@gradus/core/text";

/**
 * Reads a file whole, after `check` has seen how it starts ({@link START} bytes at most) and how long it is: what is not wanted is
 * refused before it is read. A device or a pipe has no length and is refused too.
 *
 * @throws FormatError if this is no file; what `check` throws; Node's own error if the file cannot be read. @internal
 */
export async function readChecked(
  path: string,
  check: (start: Uint8Array, length: number) => void,
  who: string,
): Promise<Uint8Array> {
  // Before it is opened: to open a pipe is to wait for its writer.
  if (!(await stat(path)).isFile()) throw new FormatError(`${who}: this is not a file`);
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
}
