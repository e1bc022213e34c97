import { FormatError } from "@gradus/core";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { entry, file } from "./files.ts";

/*
 * Files made to keep a reader busy or to fill its memory. The first three are those of the tests of the reference
 * implementation. The reader stops at the first fault, so files with an early one are refused in less than 2 ms; the
 * tests only check that it does not hang.
 */
const HANG = 2000;

function refuses(bytes: Uint8Array, message: RegExp): void {
  const start = performance.now();
  let error: unknown;
  try {
    readSafetensors(bytes);
  } catch (thrown) {
    error = thrown;
  }
  expect(performance.now() - start).toBeLessThan(HANG);
  expect(error).toBeInstanceOf(FormatError);
  expect(String(error)).toMatch(message);
}

/** The text so many times over, separated by commas, with 0000000, 0000001, … in place of every #######. */
function numbered(count: number, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(`{${`${text},`.repeat(count)}}`);
  const hash = "#".charCodeAt(0);
  for (let at = bytes.indexOf(hash), i = 0; at >= 0; at = bytes.indexOf(hash, at), i++) {
    for (const digit of String(i).padStart(7, "0")) bytes[at++] = digit.charCodeAt(0);
  }
  return bytes;
}

test("a header that claims to be longer than the file", () => {
  refuses(file("{}", 0, 99_999_999n), /promises a header of 99999999 bytes, and 2 follow/);
});

test("a million tensors on the same bytes", () => {
  const header = numbered(1e6, entry("#######", "F32", "[1]", "[0,4]"));
  refuses(file(header, 4), /tensor "0000001": overlaps another/);
});

test("10^5 big tensors that overlap", () => {
  const header = numbered(1e5, entry("#######", "U8", "[1000000]", "[0,1000000]"));
  refuses(file(header, 1_100_000), /tensor "0000001": overlaps another/);
});

test("a million names without data", () => {
  refuses(
    file(numbered(1e6, '"#######":0')),
    /tensor "0000000": what stands for it must be an object, found 0/,
  );
});

test("10 MB of nesting, of digits, of one name, of white space, of escapes", () => {
  const long = 1e7;
  refuses(file(`{"a":${"[".repeat(long)}`), /must be an object, found \[/);
  refuses(file(`{${entry("a", "F32", `[${"9".repeat(long)}]`, "[0,4]")}}`, 4), /shape must be whole numbers/);
  refuses(
    file(`{"${"a".repeat(long)}":0}`),
    /tensor "a{100}…": what stands for it must be an object, found 0/,
  );
  refuses(file(`{${" ".repeat(long)}0}`), /a name in the header must be a string, found 0/);
  refuses(file(`{"${"\\u0061".repeat(long / 6)}":0}`), /must be an object, found 0/);
});

test("10^4 good tensors, and then the first name again: found at the end, in time proportional to the header", () => {
  const good = new TextDecoder().decode(numbered(1e4, entry("#######", "F32", "[0]", "[0,0]")));
  refuses(file(good.replace(/,}$/, ',"0000000":{}}')), /"0000000" appears twice in the header/);
});
