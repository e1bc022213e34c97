import { ArgumentError, FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../../src/csv.ts";
import { csvDataset } from "../../src/table-dataset.ts";

describe("readCsv refuses", () => {
  const cases: readonly [string, string, string, CsvOptions?][] = [
    ["an empty text", "", "readCsv: the file is empty"],
    ["a byte order mark alone", "\uFEFF", "the file is empty"],
    ["blank lines alone", "\n\n", "the file is empty"],
    ["a word for a number", "x,y\n1,2\n3,abc\n", 'readCsv: line 3, column 2 ("y"): "abc" is not a number'],
    ["an empty field", "x,y\n1,\n", 'line 2, column 2 ("y"): "" is empty'],
    ["a number too large", "x\n1e999\n", 'line 2, column 1 ("x"): "1e999" is too large'],
    [
      "a first line of numbers",
      "1,2\n3,4\n",
      'line 1 should name the columns and has numbers alone: ["1","2"]. If it is a row, set header: false; if these are names, header: true',
    ],
    ["a short row", "x,y\n1,2\n3\n", "line 3 has 1 field, but the first line has 2 fields"],
    ["a long row", "1\n1,2\n", "line 2 has more than the 1 field of the first line", { header: false }],
    ["an empty line between others", "x\n1\n\n2\n", "line 3 is empty"],
    [
      "a quote never closed, where it opens",
      'x,y\n1,"2\n3,4\n',
      "line 2, column 2: this quote is never closed",
    ],
    ["a doubled quote at the end", 'x\n"1""', "line 2, column 1: this quote is never closed"],
    ["a quote inside a field", 'x\n1"2\n', 'line 2, column 1: a quote inside an unquoted field: "1\\"2"'],
    ["text after a closing quote", 'x\n"1"2\n', 'line 2, column 1: "2" follows the closing quote'],
    ["the same name twice", "x,y,x\n1,2,3\n", 'columns 1 and 3 have the same name, "x"'],
    [
      "a header read as numbers",
      "x,y\n1,2\n",
      'line 1, column 1 ("0"): "x" is not a number',
      { header: false },
    ],
    [
      "an unknown class",
      "k\na\nb\n",
      'line 3, column 1 ("k"): "b" is none of the classes ["a"]',
      { categories: { k: ["a"] } },
    ],
    ["an HTML page", "<!DOCTYPE html>\n<html>404</html>", "this is an HTML page, not CSV"],
  ];
  test.each(["data.csv", "../x/y.TSV", "C:\\a.csv", "https://a.b/c?d=e", "file:///a"])(
    "the place of a file in place of its text: %s",
    (place) => {
      for (const read of [readCsv, (text: string) => csvDataset(text, { target: "a" })]) {
        expect(() => read(place)).toThrow(ArgumentError);
        expect(() => read(place)).toThrow("needs the text of a CSV file, got its place");
      }
      expect(readCsv(`${place}\n1`).columns.size).toBe(1); // a column may be called so
    },
  );

  test.each(cases)("%s", (_, text, message, options) => {
    expect(() => readCsv(text, options)).toThrow(FormatError);
    expect(() => readCsv(text, options)).toThrow(message);
  });

  test("counts lines inside quoted fields, and names the line a record starts on", () => {
    expect(() => readCsv('"a\nb"\n1\nx\n')).toThrow("line 4, column 1");
    expect(() => readCsv('x,y\r\n"1",2\r\n3,"4"\r\n5,z\r\n')).toThrow('line 4, column 2 ("y")');
  });

  test("shortens long fields", () => {
    expect(() => readCsv(`x\n${"z".repeat(1000)}\n`)).toThrow(`"${"z".repeat(100)}…" is not a number`);
  });

  test("options that do not fit", () => {
    const refused: [unknown, CsvOptions, string][] = [
      [undefined, {}, "needs the text of a CSV file, got undefined"],
      ["x,y\n1,2", { columns: ["z"] }, 'there is no column "z". The file has ["x","y"]'],
      ["x,y\n1,2", { categories: { z: "sorted" } }, 'there is no column "z"'],
      ["x,y\n1,2", { columns: "x" as never }, 'columns must be an array of column names, got "x"'],
      ["x,y\n1,2", { columns: [0] as never }, "columns must be an array of column names, got [0]"],
      ["x,y\n1,2", { header: "no" as never }, 'header must be true or false, got "no"'],
      ["x,y\n1,2", { categories: ["x"] as never }, "categories must be an object { column: classes }"],
      ["x,y\n1,2", { categories: null as never }, "categories must be an object { column: classes }"],
      ["x,y\n1,2", { separator: ";" } as never, 'unknown option "separator"; did you mean "delimiter"?'],
      ["x,y\n1,2", { columns: ["x", "x"] }, 'column "x" is asked for twice'],
      [
        "x,y\n1,2",
        { categories: { x: ["1", "1"] } },
        'categories of "x" must be "sorted" or a list of different texts',
      ],
      ["x,y\n1,2", { categories: { x: [] } }, "list of different texts, got []"],
      ["x,y\n1,2", { categories: { x: "auto" as "sorted" } }, 'got "auto"'],
      ...['"', "\n", "", ";;", 5].map((delimiter): [unknown, CsvOptions, string] => [
        "x",
        { delimiter: delimiter as string },
        "delimiter must be one character",
      ]),
    ];
    for (const [text, options, message] of refused) {
      expect(() => readCsv(text as string, options)).toThrow(ArgumentError);
      expect(() => readCsv(text as string, options)).toThrow(message);
    }
  });
});
