import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { thisProcess } from "../../../src/checkpoint/folder/process.ts";
import { removeRemains, temporarySuffix } from "../../../src/checkpoint/folder/temporary.ts";
import { writeFileAtomically } from "../../../src/checkpoint/folder.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-temporary-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const me = thisProcess();
/** No process has this number. */
const dead = { ...me, pid: 99_999_999 };
const elsewhere = { ...me, host: "elsewhere" };
const inContainer = { ...me, pid: 1, space: "pid:[1]" };

/** Writes an empty file, last changed so many seconds ago. */
function put(name: string, seconds = 0): string {
  writeFileSync(join(dir, name), "");
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(dir, name), time, time);
  return name;
}

test("R6: no two suffixes are the same", () => {
  expect(new Set(Array.from({ length: 1000 }, () => temporarySuffix())).size).toBe(1000);
});

test("R6: files of a process that has ended go at once, of others when they are old, of a running one never", async () => {
  put(`a${temporarySuffix(dead)}`);
  put(`a${temporarySuffix({ ...me, start: "1" })}`); // the number was given again
  put(`a${temporarySuffix(elsewhere)}`, 61);
  put(`a${temporarySuffix(inContainer)}`, 61);
  const kept = [
    put(`a${temporarySuffix()}`, 1e6),
    put(`a${temporarySuffix(elsewhere)}`, 30),
    put(`a${temporarySuffix(inContainer)}`, 30),
    put(`b${temporarySuffix(dead)}`), // of another file
  ];
  await removeRemains(dir, (file) => file === "a", 60_000);
  expect(readdirSync(dir).sort()).toEqual(kept.sort());
});

test("R6: files that only look so are never removed", async () => {
  const foreign = [
    "model.safetensors.tmp-999999-abc",
    "a.tmp",
    "a.tmp-gradus",
    "a.tmp-gradus-1-2-3-4",
    "a.tmp-gradus-0123abcd-x-1-abc",
    `a${temporarySuffix(dead)}.bak`,
    "step-0000000001.safetensors.tmp-99999999-abc",
  ].map((name) => put(name, 1e7));
  await removeRemains(dir, () => true, 0);
  expect(readdirSync(dir).sort()).toEqual(foreign.sort());
});

test("R6: writing a file removes what killed writers left beside it, and nothing else", async () => {
  put(`net.safetensors${temporarySuffix(dead)}`);
  put(`net.safetensors${temporarySuffix(inContainer)}`, 3601);
  const others = [put(`net.safetensors${temporarySuffix(elsewhere)}`), put(`other${temporarySuffix(dead)}`)];
  await writeFileAtomically(join(dir, "net.safetensors"), new Uint8Array(1));
  expect(readdirSync(dir).sort()).toEqual([...others, "net.safetensors"].sort());
});
