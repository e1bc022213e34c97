import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readWhole } from "../../../src/checkpoint/folder/node-files.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-files-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("R3: a file is read piece by piece, so that it may have more than 2 GiB", async () => {
  const path = join(dir, "large");
  const content = Uint8Array.from({ length: 10_001 }, (_, i) => i * 7);
  writeFileSync(path, content);
  for (const piece of [1000, 10_001, 99_999]) expect(await readWhole(path, piece)).toEqual(content);
  writeFileSync(path, "");
  expect((await readWhole(path)).length).toBe(0);
});
