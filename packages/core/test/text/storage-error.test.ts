import { expect, test } from "vitest";
import { attempt, StorageError, storageError } from "../../src/text/index.ts";

test("K13: an error of the file system becomes a StorageError with its reason in words, and keeps the cause", async () => {
  const cause = Object.assign(new Error("EISDIR: illegal operation on a directory, read"), {
    code: "EISDIR",
  });
  const failed = attempt("cannot read x", () => {
    throw cause;
  });
  await expect(failed).rejects.toThrow(StorageError);
  await expect(failed).rejects.toMatchObject({ message: "cannot read x: it is a folder (EISDIR)", cause });
});

test("a code without words leaves the text of the host, and any other error stays as it is", async () => {
  const cause = Object.assign(new Error("strange"), { code: "EXYZ" });
  expect(storageError("cannot read x", cause)).toMatchObject({ message: "cannot read x: strange (EXYZ)" });
  const other = new Error("no code");
  expect(storageError("cannot read x", other)).toBe(other);
  expect(await attempt("nothing", () => 5)).toBe(5);
});
