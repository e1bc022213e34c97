import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError } from "@gradus/core";
import { StorageError } from "@gradus/core/text";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readIdxFile } from "../../src/node/index.ts";
import { ascii, gzip, idxFile } from "../files.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gradus-idx-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

test("readIdxFile reads plain and gzipped files", async () => {
  const good = idxFile("f32", [2], [0.5, 2]);
  const read = { shape: [2], data: Float32Array.of(0.5, 2) };
  expect(await readIdxFile(await file("plain", good))).toEqual(read);
  expect(await readIdxFile(await file("packed.gz", gzip(good)))).toEqual(read);
});

test("readIdxFile names the path in its errors", async () => {
  const path = await file("page", ascii("<!doctype html>"));
  await expect(readIdxFile(path)).rejects.toThrow(FormatError);
  await expect(readIdxFile(path)).rejects.toThrow(
    `readIdxFile(${JSON.stringify(path)}): this is an HTML page`,
  );
  const packed = await file("packed", gzip(idxFile("u8", [3], [1, 2, 3])));
  await expect(readIdxFile(packed, { limit: 10 })).rejects.toThrow(
    "promises 11 bytes, more than the limit of 10",
  );
});

test("readIdxFile refuses a wrong length, and a path that is no file, without reading it", async () => {
  // A file with a hole: 3 TB that take no room on the disk.
  const path = await file("hole", idxFile("u8", [2], [1, 2]));
  await truncate(path, 3e12);
  await expect(readIdxFile(path)).rejects.toThrow("too long: [2] numbers of 1 bytes");
  for (const other of [directory, "/dev/zero"]) {
    await expect(readIdxFile(other)).rejects.toThrow(FormatError);
    await expect(readIdxFile(other)).rejects.toThrow(
      `readIdxFile(${JSON.stringify(other)}): this is ${other === directory ? "a folder" : "not a file"}`,
    );
  }
});

test("K13: readIdxFile names the path and the reason where a file cannot be read, and refuses anything but a path", async () => {
  const path = join(directory, "none");
  await expect(readIdxFile(path)).rejects.toThrow(StorageError);
  await expect(readIdxFile(path)).rejects.toThrow(
    `readIdxFile(${JSON.stringify(path)}): there is no such folder or file; was it removed? (ENOENT)`,
  );
  const inFile = join(await file("plain", idxFile("u8", [1], [1])), "x");
  await expect(readIdxFile(inFile)).rejects.toThrow("a part of the path is a file, not a folder (ENOTDIR)");
  for (const value of [undefined, 5, new URL("file:///tmp/x")]) {
    await expect(readIdxFile(value as never)).rejects.toThrow("readIdxFile: path must be a string, got");
  }
});
