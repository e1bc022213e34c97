import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main as spirals } from "../../../examples/06-spirals.ts";
import { runProgram, sentenceFor } from "../../../examples/shared/failure.ts";

const system = (code: string, path?: string, syscall = "open"): Error =>
  Object.assign(new Error(`${code}: raw text`), { code, path, syscall });

test("U8: an error of a file is a sentence", () => {
  expect(sentenceFor(system("EACCES", "out", "mkdir"))).toBe(
    "cannot write out: permission is denied. Run it in a folder that can be written to",
  );
  expect(sentenceFor(system("EROFS", "docs/a.svg"))).toMatch(
    "cannot write docs/a.svg: the disk can only be read. Run",
  );
  expect(sentenceFor(system("ENOSPC", "a"))).toMatch("cannot write a: the disk is full.");
  expect(sentenceFor(system("EXYZ", "a"))).toMatch("cannot write a: EXYZ.");
  expect(sentenceFor(system("EACCES", "a", "scandir"))).toBe("cannot read a: permission is denied");
  expect(sentenceFor(new ArgumentError("f: no"))).toBe("ArgumentError: f: no");
});

test("U8: any other error is none", () => {
  for (const error of [new TypeError("x"), system("ERR_MODULE_NOT_FOUND"), undefined, "x"]) {
    expect(sentenceFor(error)).toBeUndefined();
  }
});

describe("U8: a program that cannot write", () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gradus-failure-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  });

  test("example 06 says so before it trains, and ends with exit code 1", async () => {
    writeFileSync("out", "a file where a folder should be: permissions do not bind an administrator");
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      await runProgram(() => spirals());
      expect(said.mock.calls).toHaveLength(1);
      expect(said.mock.calls[0][0]).toMatch(
        /^\ncannot write .*out: a part of the path is a file, not a folder\. Run it in a folder that can be written to$/,
      );
      expect(logged).not.toHaveBeenCalled();
      expect(process.exitCode).toBe(1);
    } finally {
      said.mockRestore();
      logged.mockRestore();
    }
  });
});

test("a fault of the program itself is thrown", async () => {
  await expect(runProgram(() => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
});
