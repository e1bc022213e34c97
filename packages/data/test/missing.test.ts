import { runInNewContext } from "node:vm";
import { ArgumentError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../src/csv.ts";

/** The columns as plain lists. */
function columnsOf(text: string, options: CsvOptions = {}): Record<string, number[]> {
  return Object.fromEntries([...readCsv(text, options).columns].map(([name, column]) => [name, [...column]]));
}

describe("K12: CSV files as they are", () => {
  const read: readonly [string, string, CsvOptions, Record<string, number[]>][] = [
    ["blanks around fields and names", "age , job\n39, 5 \n\t50 ,6\n", {}, { age: [39, 50], job: [5, 6] }],
    ["blanks around quotes", 'a, "b"\n1 , "2" \n', {}, { a: [1], b: [2] }],
    [
      "repeated blanks as one",
      "  a   b\n1.0   2.0  \n 3\t 4\n",
      { delimiter: " " },
      { a: [1, 3], b: [2, 4] },
    ],
    [
      "quotes between blanks",
      '"a b"   c\n"1"  2\n"3"\t"4"\n',
      { delimiter: " " },
      { "a b": [1, 3], c: [2, 4] },
    ],
    ["tabs, where blanks belong to names", "a b\tc\n1\t2\n", { delimiter: "\t" }, { "a b": [1], c: [2] }],
    ["comments", "# note, 1\na,b\n  # more\n1,2\n#\n", { comment: "#" }, { a: [1], b: [2] }],
    ["comments that begin with two characters", '// "\na\n1\n', { comment: "//" }, { a: [1] }],
    ["sep=;", "sep=;\na;b\n1;2\n", {}, { a: [1], b: [2] }],
    [
      "sep=; after a byte order mark, with CRLF",
      "\uFEFFSEP=;\r\na;b\r\n1;2\r\n",
      { delimiter: ";" },
      { a: [1], b: [2] },
    ],
    ["sep= a tab, quoted", '"sep=\t"\na\tb\n1\t2\n', {}, { a: [1], b: [2] }],
    [
      "a decimal comma",
      "a;b\n-1,5;,5e1\n2;3,\n",
      { delimiter: ";", decimal: "," },
      { a: [-1.5, 2], b: [5, 3] },
    ],
    // From scikit-learn 1.2.1: SimpleImputer() of [[18, 130], [nan, 150], [15, nan], [16, nan]].
    [
      "the mean for missing values",
      "mpg,hp\n18,130\nNA,150\n15,?\n16,\n",
      { missing: ["?", "NA", ""], onMissing: "mean" },
      { mpg: [18, 49 / 3, 15, 16], hp: [130, 150, 140, 140] },
    ],
    ["a number for missing values", "hp\n?\n95\n", { missing: ["?"], onMissing: -1 }, { hp: [-1, 95] }],
    [
      "rows without missing values",
      "a,b\n1,2\n?,3\n4,?\n5,6\n",
      { missing: ["?"], onMissing: "drop" },
      { a: [1, 5], b: [2, 6] },
    ],
    [
      "a way for each column",
      "a,b,c\n1,?,3\n?,2,3\n4,?,\n",
      { missing: ["?", ""], onMissing: { a: "drop", b: 0, c: "mean" } },
      { a: [1, 4], b: [0, 0], c: [3, 3] },
    ],
    [
      "missing values in blanks and quotes",
      'a\n" NA "\n NA\n2\n',
      { missing: [" NA"], onMissing: 7 },
      { a: [7, 7, 2] },
    ],
    [
      "blank lines of one column as missing, but for the last",
      "hp\n1\n\n\n3\n\n\n",
      { missing: [""], onMissing: 2 },
      { hp: [1, 2, 2, 3] },
    ],
    ["a blank first line before the names", "\nhp\n1\n", { missing: [""], onMissing: 2 }, { hp: [1] }],
    [
      "a missing value in a column that is not read",
      "a,b\n1,?\n",
      { columns: ["a"], missing: ["?"], onMissing: "drop" },
      { a: [1] },
    ],
  ];
  test.each(read)("reads %s", (_, text, options, expected) => {
    expect(columnsOf(text, options)).toEqual(expected);
  });

  test("the mean is that of the rows that stay", () => {
    const options: CsvOptions = { missing: ["?"], onMissing: { a: "mean", b: "drop" } };
    expect(columnsOf("a,b\n1,1\n100,?\n?,2\n3,3\n", options)).toEqual({ a: [1, 2, 3], b: [1, 2, 3] });
  });

  test("texts are trimmed unless they are quoted", () => {
    const text = 'job\n State-gov\nState-gov \n" State-gov"\n';
    expect(readCsv(text, { categories: { job: "sorted" } }).categories.get("job")).toEqual([
      " State-gov",
      "State-gov",
    ]);
  });

  test("missing classes are dropped or kept, and a class of dropped rows alone is none", () => {
    const text = "k,x\nb,1\n?,2\nc,?\na,3\n";
    const categories = { k: "sorted" } as const;
    const dropped = readCsv(text, { categories, missing: ["?"], onMissing: "drop" });
    expect([dropped.categories.get("k"), [...(dropped.columns.get("k") ?? [])]]).toEqual([
      ["a", "b"],
      [1, 0],
    ]);
    const kept = readCsv(text, { categories, missing: ["?"], onMissing: { k: "keep", x: 0 } });
    expect([kept.categories.get("k"), [...(kept.columns.get("k") ?? [])]]).toEqual([
      ["?", "a", "b", "c"],
      [2, 0, 3, 1],
    ]);
  });

  test("the table tells which number takes the place of a missing value", () => {
    const table = readCsv("a,b,c\n1,2,3\n3,?,4\n", {
      missing: ["?"],
      onMissing: { a: "mean", b: 9, c: "drop" },
    });
    expect([...table.missing]).toEqual([
      ["a", 2],
      ["b", 9],
    ]);
  });

  test("options that do not fit are refused", () => {
    const text = "a,kind\n1,x\n";
    const wrong: [unknown, string][] = [
      [
        { columns: ["a"], categories: { kind: "sorted" } },
        'categories names the column "kind", which is not among the columns to read: ["a"]',
      ],
      [
        { columns: ["kind"], categories: { kind: "sorted" }, missing: ["?"], onMissing: { a: 0 } },
        'onMissing names the column "a", which is not among',
      ],
      [{ onMissing: "drop" }, "onMissing needs the option missing"],
      [{ missing: [], onMissing: "drop" }, "onMissing needs the option missing"],
      [{ missing: "?" }, 'missing must be a list of texts, got "?"'],
      [{ missing: [0] }, "missing must be a list of texts"],
      [
        { missing: ["?"], onMissing: "median" },
        'onMissing must be "drop", "mean", "keep" or a finite number, or an object',
      ],
      [{ missing: ["?"], onMissing: Number.NaN }, "onMissing must be"],
      [{ missing: ["?"], onMissing: ["drop"] }, "onMissing must be"],
      [
        { missing: ["?"], onMissing: { a: "zero" } },
        'onMissing of column "a" must be "drop", "mean" or a finite number, got "zero"',
      ],
      [
        { missing: ["?"], onMissing: { a: "keep" } },
        'onMissing of column "a" must be "drop", "mean" or a finite number',
      ],
      [
        { missing: ["?"], onMissing: { kind: 0 }, categories: { kind: "sorted" } },
        'onMissing of column "kind" must be "drop" or "keep", it has classes, got 0',
      ],
      [{ missing: ["?"], onMissing: { z: 0 } }, 'there is no column "z"'],
      [{ decimal: ";" }, 'decimal must be "." or ",", got ";"'],
      [{ comment: "" }, "comment must be a text of one or more characters"],
      [{ comment: " " }, "comment must be"],
      [{ categories: new Map([["kind", "sorted"]]) }, "categories must be an object"],
      [{ categories: runInNewContext("new Map()") }, "categories must be an object"],
    ];
    for (const [options, message] of wrong) {
      expect(() => readCsv(text, options as CsvOptions), message).toThrow(ArgumentError);
      expect(() => readCsv(text, options as CsvOptions)).toThrow(message);
    }
  });
});
