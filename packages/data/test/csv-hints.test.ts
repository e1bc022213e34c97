import { FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../src/csv.ts";

describe("K12: what is wrong with a file, and the option for it", () => {
  const refused: readonly [string, string, string, CsvOptions?][] = [
    [
      "semicolons read with a comma",
      "a;b\n1;2",
      'line 2, column 1 ("a;b"): "1;2" is not a number. There is ";" in every line: if that is the delimiter, set delimiter: ";"',
    ],
    [
      "a decimal comma between semicolons",
      "a;b\n1,5;2,5\n",
      'line 2 has more than the 1 field of the first line. There is ";"',
    ],
    [
      "no header, decimal commas",
      "1,5;2,5\n3,5;4,5\n",
      '"5;2" is not a number. There is ";" in every line',
      { header: false },
    ],
    ["tabs", "a\tb\n1\t2\n", 'There is "\\t" in every line: if that is the delimiter, set delimiter: "\\t"'],
    ["bars", "a|b\n1|2\n", 'There is "|" in every line'],
    [
      "blanks",
      "a  b\n1.0   2.0\n",
      'There is " " in every line: if that is the delimiter, set delimiter: " "',
    ],
    ["commas read with a semicolon", "a,b\n1,2\n", 'There is "," in every line', { delimiter: ";" }],
    [
      "a comment before the names",
      "# note\na,b\n1,2",
      'Line 1 begins with "#": if that is a comment, set comment: "#"',
    ],
    [
      "a comment between rows",
      "a,b\n1,2\n# x\n3,4\n",
      'A line begins with "#": if that is a comment, set comment: "#"',
    ],
    [
      "quoted fields between semicolons",
      '"a";"b"\n"1";"2"\n',
      'line 1, column 1: ";" follows the closing quote. There is ";" in every line',
    ],
    [
      "some quoted fields between semicolons",
      'a;"b"\n1;"2"\n',
      'Quote the whole field and double the quote. There is ";" in every line',
    ],
    [
      "words of one letter",
      "sex,y\nM,1\nF,0\n",
      '"M" is not a number. A column of words needs the option categories',
    ],
    ["a comment in a file of one column", "% note\nx\n1\n", '"x" is not a number. Line 1 begins with "%"'],
    [
      "a decimal comma",
      'a,b\n"1,5",2\n',
      '"1,5" is not a number. If its comma is the decimal sign, set decimal: ","',
    ],
    [
      "a decimal point where a comma is set",
      "a;b\n1.5;2\n",
      '"1.5" is not a number. The decimal sign is set to ","',
      { delimiter: ";", decimal: "," },
    ],
    ...["?", "NA", "n/a", "NaN", "null", "-"].map((text): [string, string, string] => [
      `${text} without missing`,
      `hp\n${text}\n95\n`,
      `line 2, column 1 ("hp"): "${text}" is not a number. If it stands for a missing value, set missing: ["${text}"] and onMissing: "drop" (the row), "mean" (of the column) or a number`,
    ]),
    [
      "an empty field without missing",
      "hp,x\n,1\n",
      'line 2, column 1 ("hp"): "" is empty. If it stands for a missing value, set missing: [""]',
    ],
    [
      "a missing value without a way",
      "hp\n?\n95\n",
      'line 2, column 1 ("hp"): "?" is missing. Set onMissing: { "hp": … } to "drop" (the row), "mean" (of the column) or a number',
      { missing: ["?"] },
    ],
    [
      "a missing class and the mean",
      "k,x\n?,1\n",
      '"?" is missing, and "mean" does not fit this column. Set onMissing: { "k": … } to "drop" or "keep" (as a class)',
      { missing: ["?"], onMissing: "mean", categories: { k: "sorted" } },
    ],
    [
      "a missing number that is kept",
      "x\n?\n",
      '"?" is missing, and "keep" does not fit',
      { missing: ["?"], onMissing: "keep" },
    ],
    [
      "a mean of nothing",
      "x\n?\n?\n",
      'column "x" has no mean: no value is known',
      { missing: ["?"], onMissing: "mean" },
    ],
    [
      "sep= and another delimiter",
      "sep=;\na;b\n1;2\n",
      'the first line says that the delimiter is ";", the option says ","',
      { delimiter: "," },
    ],
    [
      "a comma for two things",
      "a,b\n1,2\n",
      '"," cannot be both the decimal sign and the delimiter',
      { decimal: "," },
    ],
    [
      "a blank line in a file of two columns",
      "a,b\n1,2\n\n3,4\n",
      "line 3 is empty",
      { missing: [""], onMissing: 0 },
    ],
  ];
  test.each(refused)("%s: the error says what to set", (_, text, message, options) => {
    expect(() => readCsv(text, options)).toThrow(FormatError);
    expect(() => readCsv(text, options)).toThrow(message);
  });

  test("no hint where the file gives no reason", () => {
    expect(() => readCsv("a,b\n1,5 %\n")).toThrow(/"5 %" is not a number$/);
    expect(() => readCsv("a,b\n0x10,5\n")).toThrow(/"0x10" is not a number$/);
    expect(() => readCsv("a,b\nInfinity,5\n")).toThrow(/"Infinity" is not a number$/);
    expect(() => readCsv("a b,c d\n1 2,3\n")).toThrow(/"1 2" is not a number$/);
  });
});
