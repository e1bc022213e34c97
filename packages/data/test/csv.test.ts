import { FormatError } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../src/csv.ts";

/** The columns as plain lists. */
function columnsOf(text: string, options: CsvOptions = {}): Record<string, number[]> {
  return Object.fromEntries([...readCsv(text, options).columns].map(([name, column]) => [name, [...column]]));
}

describe("readCsv", () => {
  test("reads named columns", () => {
    const table = readCsv("x,y\n1,2\n3.5,-4e2\n");
    expect(table.names).toEqual(["x", "y"]);
    expect(table.size).toBe(2);
    expect(table.columns.get("x")).toEqual(Float64Array.of(1, 3.5));
    expect(table.columns.get("y")).toEqual(Float64Array.of(2, -400));
    expect(table.categories.size).toBe(0);
  });

  test("numbers the columns if there is no header", () => {
    expect(columnsOf("1,2\n3,4", { header: false })).toEqual({ "0": [1, 3], "1": [2, 4] });
  });

  test("takes every kind of line end, a byte order mark, and blank lines at the end", () => {
    const expected = { x: [1, 3], y: [2, 4] };
    for (const text of [
      "x,y\n1,2\n3,4",
      "x,y\r\n1,2\r\n3,4\r\n",
      "x,y\r1,2\r3,4\r",
      "\uFEFFx,y\n1,2\n3,4\n\n\r\n",
    ]) {
      expect(columnsOf(text)).toEqual(expected);
    }
  });

  test("reads quoted fields with delimiters, quotes and line breaks in them", () => {
    expect(columnsOf('"x, ""y""","a\r\nb"\n"1.5", 2 \n')).toEqual({ 'x, "y"': [1.5], "a\r\nb": [2] });
  });

  test("takes another delimiter", () => {
    expect(columnsOf("x;y\n1;2", { delimiter: ";" })).toEqual({ x: [1], y: [2] });
    expect(columnsOf("x\ty\n1\t2", { delimiter: "\t" })).toEqual({ x: [1], y: [2] });
  });

  test("reads only the columns asked for, in that order", () => {
    const table = readCsv("id,x,y\nfirst,1,2\n,3,4\n", { columns: ["y", "x"] });
    expect(table.names).toEqual(["y", "x"]);
    expect([...table.columns.keys()]).toEqual(["y", "x"]);
    expect(columnsOf("a,1,2", { header: false, columns: ["2"] })).toEqual({ "2": [2] });
  });

  test("takes decimal numbers only", () => {
    expect(columnsOf("x\n+1\n-.5\n5.\n1E3\n1e-400\n-0\n").x).toEqual([1, -0.5, 5, 1000, 0, -0]);
    for (const text of [
      "0x10",
      "NaN",
      "Infinity",
      "1,000",
      "1 2",
      "1_000",
      ".",
      "e5",
      "--1",
      "true",
      "1n",
      "١",
    ]) {
      expect(() => readCsv(`x\n"${text}"\n`), text).toThrow(FormatError);
    }
  });

  test("turns text into class indices", () => {
    const text = "kind,x\ndog,1\ncat,2\ndog,3\n";
    const given = readCsv(text, { categories: { kind: ["dog", "emu", "cat"] } });
    expect(given.columns.get("kind")).toEqual(Float64Array.of(0, 2, 0));
    expect(given.categories.get("kind")).toEqual(["dog", "emu", "cat"]);
    const sorted = readCsv(text, { categories: { kind: "sorted" } });
    expect(sorted.columns.get("kind")).toEqual(Float64Array.of(1, 0, 1));
    expect(sorted.categories.get("kind")).toEqual(["cat", "dog"]);
  });

  test("takes column names such as __proto__", () => {
    const table = readCsv("__proto__,constructor\n1,2\n", {
      categories: Object.fromEntries([["constructor", "sorted" as const]]),
    });
    expect(table.names).toEqual(["__proto__", "constructor"]);
    expect(table.columns.get("__proto__")).toEqual(Float64Array.of(1));
    expect(table.categories.get("constructor")).toEqual(["2"]);
    expect(readCsv("toString\n5\n").columns.get("toString")).toEqual(Float64Array.of(5));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("may have a header and no rows", () => {
    expect(readCsv("x,y\n")).toMatchObject({ names: ["x", "y"], size: 0 });
  });
});

describe("readCsv of anything", () => {
  const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });

  test("gives back the numbers and names that were written, to the last bit", () => {
    const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        names,
        fc.array(fc.array(number, { minLength: 5, maxLength: 5 }), { maxLength: 8 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
        (header, data, lineEnd, quoted) => {
          const rows = data.map((row) => row.slice(0, header.length));
          const write = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));
          const lines = [
            header.map(quote).join(","),
            ...rows.map((row) => row.map((x) => (quoted ? quote(write(x)) : write(x))).join(",")),
          ];
          const table = readCsv(lines.join(lineEnd), { header: true });
          expect(table.names).toEqual(header);
          header.forEach((name, j) => {
            expect([...(table.columns.get(name) ?? [])]).toEqual(rows.map((row) => row[j]));
          });
        },
      ),
    );
  });

  test("gives back texts as classes", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (texts) => {
        const table = readCsv(`k\n${texts.map(quote).join("\n")}`, { categories: { k: "sorted" } });
        const classes = table.categories.get("k") ?? [];
        expect(Array.from(table.columns.get("k") ?? [], (index) => classes[index])).toEqual(texts);
      }),
    );
  });

  test("is a table or a FormatError", () => {
    const pieces = fc.constantFrom("1", "2.5", ",", ",", "\n", "\r\n", "\r", '"', '""', "a", " ", "\uFEFF");
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (anything, header) => {
        try {
          const { columns, size } = readCsv(anything, { header });
          for (const column of columns.values()) expect(column.length).toBe(size);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("R5: tables without end", () => {
  test("a column of more than 100,000 different texts is refused", () => {
    const text = `k\n${Array.from({ length: 100_001 }, (_, i) => i).join("\n")}`;
    expect(() => readCsv(text, { categories: { k: "sorted" } })).toThrow(
      'line 100002, column 1 ("k"): more than 100000 different texts: this is no column of classes',
    );
  });

  test("short lines take at most 40 bytes a number, and the numbers 8 in the end", () => {
    const text = "x\n".concat("1\n".repeat(2e6));
    const before = process.memoryUsage().arrayBuffers;
    const table = readCsv(text);
    expect(table.size).toBe(2e6);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 2e6);
  });
});
