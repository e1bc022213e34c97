import { FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { file } from "./files.ts";
import { good, rows } from "./malformed-rows.ts";

test.each([
  ["CR LF", "\r\n\r", "\\u000d"],
  ["NUL", "\0", "\\u0000"],
  ["DEL", "\x7f", "\\u007f"],
  ["an escape of terminals", "\x1b[31m", "\\u001b[31m"],
  ["a text that turns the line around", "\u202eabc", "\\u202eabc"],
  ["a line separator", "\u2028", "\\u2028"],
])("H8: %s after the header is quoted in the message", (_, text, shown) => {
  const read = (): unknown => readSafetensors(file(`{}${text}`));
  expect(read).toThrow(FormatError);
  expect(read).toThrow(`nothing but spaces may follow the last }, found ${shown}`);
  expect(read).not.toThrow(/[^\P{C}]|\p{Zl}/u);
});

test("H8: a text of the wrong kind is quoted too", () => {
  const read = (): unknown => readSafetensors(file('{"__metadata__":"\u202e\u0085"}'));
  expect(read).toThrow('__metadata__ must be an object, found "\\u202e\\u0085"');
});

describe.each(Object.entries(rows))("a broken file is refused: %s", (_, group) => {
  test.each(group)("%s", (_, build, message) => {
    const bytes = build();
    expect(() => readSafetensors(bytes)).toThrow(FormatError);
    expect(() => readSafetensors(bytes)).toThrow(message);
    // Says who, and does not pour the file into the message.
    expect(() => readSafetensors(bytes)).toThrow(/^safetensors: .{1,400}$/s);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test("the unchanged file is read", () => {
  expect(readSafetensors(good()).info("a")).toEqual({ dtype: "F32", shape: [1] });
});

test("the file cut at any byte is refused", () => {
  const whole = good();
  for (let length = 0; length < whole.length; length++) {
    expect(() => readSafetensors(whole.subarray(0, length))).toThrow(FormatError);
  }
});
