import { FormatError, GradusError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { fromRows, type RowOptions } from "../../src/table-dataset.ts";

describe("fromRows", () => {
  const rows = [
    { age: 39, job: "clerk", member: true, rich: "no" },
    { age: null, job: " baker ", member: false, rich: "yes" },
    { age: 41, job: "clerk", member: true, rich: "no" },
  ];
  const options: RowOptions = {
    target: "rich",
    categories: { job: "sorted", rich: ["no", "yes"] },
    onMissing: { age: "mean" },
  };

  test("makes samples of rows with named values", () => {
    const dataset = fromRows(rows, options);
    expect(dataset.all().inputs.toArray()).toEqual([
      [39, 0, 1, 1],
      [40, 1, 0, 0],
      [41, 0, 1, 1],
    ]);
    expect([[...dataset.targets], dataset.classNames]).toEqual([
      [0, 1, 0],
      ["no", "yes"],
    ]);
    const { rich: _, ...row } = rows[1];
    expect(dataset.preparation.encode(row).toArray()).toEqual([[40, 1, 0, 0]]);
  });

  test("numbers and flags may be classes, by their text", () => {
    const data = [
      { zone: 2, on: true, y: 1 },
      { zone: 10, on: false, y: 2 },
    ];
    const dataset = fromRows(data, { target: "y", categories: { zone: "sorted", on: ["true", "false"] } });
    expect(dataset.all().inputs.toArray()).toEqual([
      [0, 1, 1, 0],
      [1, 0, 0, 1],
    ]);
    expect(dataset.preparation.encode({ zone: 10, on: true }).toArray()).toEqual([[1, 0, 1, 0]]);
  });

  test("an absent name, undefined, NaN and the texts of missing are missing values", () => {
    const data = [
      { x: 1, y: 0 },
      { y: 1 },
      { x: undefined, y: 2 },
      { x: Number.NaN, y: 3 },
      { x: "?", y: 4 },
    ];
    const dataset = fromRows(data, { target: "y", missing: ["?"], onMissing: 7 });
    expect([...dataset.inputs]).toEqual([1, 7, 7, 7, 7]);
    expect(fromRows(data, { target: "y", missing: ["?"], onMissing: "drop" }).size).toBe(1);
  });

  test("takes chosen inputs and several targets", () => {
    const data = [
      { a: 1, b: 2, c: 3, note: {} },
      { a: 4, b: 5, c: 6, note: {} },
    ];
    const dataset = fromRows(data, { inputs: ["c"], target: ["b", "a"] });
    expect(dataset.all().targets.toArray()).toEqual([
      [2, 1],
      [5, 4],
    ]);
    expect([...dataset.inputs]).toEqual([3, 6]);
  });

  test("refuses rows that do not fit", () => {
    const refused: [unknown, RowOptions, string][] = [
      [[], { target: "y" }, "fromRows: needs a list of one or more rows like { age: 39 }, got []"],
      [{ x: 1 }, { target: "y" }, "needs a list of one or more rows"],
      [[[1, 2]], { target: "y" }, "row 0 must be an object like { age: 39 }, got [1,2]"],
      [[{ x: 1, y: 2 }, null], { target: "y" }, "row 1 must be an object"],
      [[{ y: 1 }], { target: "y" }, "there is no input column"],
      [[{ x: 1, z: 1 }], { target: "y" }, 'there is no column "y". The table has ["x","z"]'],
      [[{ x: 1, y: 1 }], { target: "y", inputs: ["z"] }, 'there is no column "z". Row 0 has ["x","y"]'],
      [
        [{ x: 1, y: 1 }, { y: 1 }],
        { target: "y" },
        'fromRows: row 1, "x": null is missing. Set onMissing: { "x": … } to "drop"',
      ],
      [
        [
          { x: 1, y: 1 },
          { X: 1, y: 1 },
        ],
        { target: "y" },
        'row 1 has "X", which row 0 does not have',
      ],
      [
        [
          { x: 1, y: 1 },
          { X: 1, y: 1 },
        ],
        { inputs: ["x"], target: "y", onMissing: 0 },
        'row 1 has no "x"; is "X" meant?',
      ],
      [
        [{ x: "39", y: 1 }],
        { target: "y" },
        'row 0, "x": "39" is not a number. Texts become numbers by Number(text), or classes',
      ],
      [[{ x: 1 / 0, y: 1 }], { target: "y" }, 'row 0, "x": Infinity is too large'],
      [[{ x: 1n, y: 1 }], { target: "y" }, 'row 0, "x": 1n is neither a number nor a text'],
      [
        [{ x: new Date(0), y: 1 }],
        { target: "y", categories: { x: "sorted" } },
        'row 0, "x": Date is neither a number nor a text',
      ],
      [
        [{ x: "c", y: 1 }],
        { target: "y", categories: { x: ["a"] } },
        'row 0, "x": "c" is none of the classes ["a"]',
      ],
      [[{ x: 1, y: 1 }], { target: "y", categories: { z: "sorted" } }, 'there is no column "z"'],
      [[{ x: 1, y: 1 }], {} as never, "target must name a column, or several"],
    ];
    for (const [data, given, message] of refused) {
      expect(() => fromRows(data as never, given), message).toThrow(GradusError);
      expect(() => fromRows(data as never, given)).toThrow(message);
    }
    expect(() => fromRows([{ x: "a", y: 1 }], { target: "y" })).toThrow(FormatError);
  });
});
