import { describe, expect, test } from "vitest";
import { isGzip, isPage, START, wrongStart } from "../../src/text/file-start.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("wrongStart says what a file seems to be", () => {
  test.each<[kind: string, start: string, message: string]>([
    [
      "a page",
      "\n<!DOCTYPE html><title>404",
      "this is an HTML page, not a map. Most likely a server's error page",
    ],
    ["a page with a byte order mark", "\xEF\xBB\xBF<html>", "this is an HTML page, not a map. "],
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\n",
      "this is a Git LFS pointer, not a map. Run git lfs pull",
    ],
    ["a ZIP archive", "PK\x03\x04\x14\0", "this is a ZIP archive, not a map. Unpack it first; PyTorch's .pt"],
    ["gzip", "\x1f\x8b\x08\0", "this is a gzip file, not a map. Unpack it first"],
    [
      "text",
      '{"message":"Not Found"}',
      'not a map: it starts with the text "{\\"message\\":\\"Not Found\\"}"',
    ],
    ["long text", "z".repeat(5000), `not a map: it starts with the text "${"z".repeat(100)}…"`],
    ["other bytes", "\x93NUMPY\x01", "not a map: it starts with the bytes 93 4e 55 4d"],
    ["a short file", "\x07", "not a map: it starts with the bytes 07"],
  ])("%s", (_, start, message) => {
    const error = wrongStart(bytes(start), "readMap", "a map");
    expect(String(error)).toContain(`FormatError: readMap: ${message}`);
    expect(String(wrongStart(bytes(start).subarray(0, START), "readMap", "a map"))).toBe(String(error));
  });
});

test("isGzip checks the first two bytes, and accepts fewer", () => {
  expect(
    [[0x1f, 0x8b, 8], [0x1f, 0x8b], [0x1f], [], [0x8b, 0x1f]].map((x) => isGzip(Uint8Array.from(x))),
  ).toEqual([true, true, false, false, false]);
});

test("isPage recognizes HTML and XML by their first tag", () => {
  for (const page of [
    "<html>",
    " <!doctype html>",
    "<?xml version='1.0'?>",
    "\uFEFF<body>",
    "<Error><Code>",
  ]) {
    expect(isPage(page), page).toBe(true);
  }
  for (const text of ["", "x,y\n1,2", "<5,6", "a <html>", "<headline,1"])
    expect(isPage(text), text).toBe(false);
});
