import { FormatError } from "@gradus/core";
import { expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../src/csv.ts";

/** Texts of 10^8 characters and more; the first one ended the process. */
const texts: readonly [string, () => string, string, CsvOptions?][] = [
  [
    "a quoted field of 1.4·10^8 line breaks",
    () => `x\n"${"\n".repeat(1.4e8)}"\n`,
    "a field of more than 1048576 characters",
  ],
  [
    "a quoted field of 7·10^7 doubled quotes",
    () => `x\n"${'""'.repeat(7e7)}"\n`,
    "a field of more than 1048576 characters",
  ],
  ["a line of 10^8 letters", () => `x\n${"a".repeat(1e8)}\n`, "a field of more than 1048576 characters"],
  ["a line of 5·10^7 fields", () => "1,".repeat(5e7), "line 1 has more than 100000 fields"],
  ["10^8 blank lines", () => "\n".repeat(1e8), "the file is empty"],
  ["10^8 blanks between fields", () => " ".repeat(1e8), "the file is empty", { delimiter: " " }],
  ["a comment of 10^8 characters", () => `#${'"'.repeat(1e8)}`, "the file is empty", { comment: "#" }],
  [
    "10^8 line breaks before a NUL character",
    () => `${"\n".repeat(1e8)}\0`,
    "line 100000001 holds a NUL character",
  ],
];

test.each(texts)(
  "R5: %s",
  (_, make, message, options) => {
    const text = make();
    expect(() => readCsv(text, options)).toThrow(FormatError);
    expect(() => readCsv(text, options)).toThrow(message);
  },
  120_000,
);
