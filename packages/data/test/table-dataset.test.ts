import { ArgumentError, createRng, FormatError, GradusError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readCsv } from "../src/csv.ts";
import { csvDataset, fromRows, type RowOptions } from "../src/table-dataset.ts";

describe("csvDataset", () => {
  const text = "id,x,y,kind\na1,1,2,b\na2,3,4,a\na3,5,6,b\n";

  test("puts columns side by side as samples", () => {
    const dataset = csvDataset(text, {
      inputs: ["y", "x"],
      target: "kind",
      categories: { kind: ["a", "b"] },
    });
    expect([dataset.size, dataset.inputShape, dataset.targetShape, dataset.classes]).toEqual([3, [2], [], 2]);
    const { inputs, targets } = dataset.batch([0, 1, 2]);
    expect(inputs.toArray()).toEqual([
      [2, 1],
      [4, 3],
      [6, 5],
    ]);
    expect(targets.toArray()).toEqual([1, 0, 1]);
  });

  test("takes all columns but the target, if none are named", () => {
    const dataset = csvDataset("x,t,y\n1,2,3\n", { target: "t" });
    expect(dataset.batch([0]).inputs.toArray()).toEqual([[1, 3]]);
    expect(dataset.batch([0]).targets.toArray()).toEqual([2]);
    expect(dataset.classes).toBeUndefined();
  });

  test("predicts several columns", () => {
    const dataset = csvDataset(text, { inputs: ["x"], target: ["x", "y"] });
    expect(dataset.targetShape).toEqual([2]);
    expect(dataset.batch([1]).targets.toArray()).toEqual([[3, 4]]);
  });

  test("takes a table that was read before", () => {
    const table = readCsv("x,kind\n1,b\n2,a\n", { categories: { kind: "sorted" } });
    const dataset = csvDataset(table, { target: "kind" });
    expect(dataset.batch([0, 1]).targets.toArray()).toEqual([1, 0]);
    expect(dataset.classes).toBe(2);
    expect(dataset.split(0.5, createRng(1))[0].size).toBe(1);
  });

  test("refuses columns that are not there", () => {
    expect(() => csvDataset(text, { target: "z" })).toThrow(
      'csvDataset: line 2, column 1 ("id"): "a1" is not a number',
    );
    expect(() => csvDataset(text, { inputs: ["x"], target: "z" })).toThrow(
      'csvDataset: there is no column "z"',
    );
    expect(() => csvDataset(readCsv("x\n1\n"), { target: "z" })).toThrow(
      'csvDataset: there is no column "z"',
    );
    expect(() => csvDataset("x\n1\n", { target: "x" })).toThrow("there is no input column");
    expect(() => csvDataset("x\n1\n", { target: [] })).toThrow(ArgumentError);
    expect(() => csvDataset("x,y\n1,2\n", { target: "y", inputs: "x" as never })).toThrow(
      'csvDataset: inputs must be an array of column names, got "x"',
    );
    expect(() => csvDataset("x\n1\n", {} as never)).toThrow(
      "target must name a column, or several, got undefined",
    );
  });

  test("inputs of text become one number for each class, never 0, 1, 2", () => {
    // As scikit-learn's OneHotEncoder: the classes in sorted order.
    const people = "age,job,rich\n39,Private,no\n50,State-gov,yes\n38,Private,no\n53,Self-emp,yes\n";
    const dataset = csvDataset(people, {
      target: "rich",
      categories: { job: "sorted", rich: ["no", "yes"] },
    });
    expect(dataset.all().inputs.toArray()).toEqual([
      [39, 1, 0, 0],
      [50, 0, 0, 1],
      [38, 1, 0, 0],
      [53, 0, 1, 0],
    ]);
    expect([dataset.inputShape, dataset.classes, dataset.classNames]).toEqual([[4], 2, ["no", "yes"]]);
    expect(dataset.columns).toEqual([
      { name: "age" },
      { name: "job", classes: ["Private", "Self-emp", "State-gov"] },
    ]);
    expect([...dataset.targets]).toEqual([0, 1, 0, 1]);
    const table = readCsv(people, { categories: { job: "sorted", rich: "sorted" } });
    expect(csvDataset(table, { target: "rich" }).all().inputs.toArray()).toEqual(
      dataset.all().inputs.toArray(),
    );
  });

  test("a later row is encoded as the rows of the file", () => {
    const dataset = csvDataset("age,job,y\n10,b,1\n?,a,2\n30,b,3\n", {
      target: "y",
      categories: { job: "sorted" },
      missing: ["?"],
      onMissing: "mean",
    });
    expect(dataset.batch([1]).inputs.toArray()).toEqual([[20, 1, 0]]);
    expect(dataset.preparation.encode({ age: null, job: "a" }).toArray()).toEqual([[20, 1, 0]]);
  });

  test("refuses text in a list of targets, and categories of columns that are not read", () => {
    expect(() => csvDataset("x,k,y\n1,a,2\n", { target: ["y", "k"], categories: { k: "sorted" } })).toThrow(
      'csvDataset: a list of targets holds numbers, and "k" is a column of classes',
    );
    expect(() =>
      csvDataset("x,k,y\n1,a,2\n", { inputs: ["x"], target: "y", categories: { k: "sorted" } }),
    ).toThrow('categories names the column "k", which is not among the columns to read: ["x","y"]');
    expect(() => csvDataset("x,y\n1,2\n", { inputs: ["x", "x"], target: "y" })).toThrow(
      "a column is twice in inputs",
    );
    expect(() => csvDataset({} as never, { target: "y" })).toThrow(
      "needs the text of a CSV file or a table of readCsv",
    );
    expect(() => csvDataset(5 as never, { target: "y" })).toThrow("needs the text of a CSV file, got 5");
  });

  test("R10: 50,000 inputs and 50,000 targets take linear time", () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
    const text = `${names.join(",")}\n${names.map(() => 1).join(",")}\n`;
    const dataset = csvDataset(text, { target: names.slice(50_000) });
    expect([dataset.inputShape, dataset.targetShape]).toEqual([[50_000], [50_000]]);
  }, 10_000);
});

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

describe("several inputs: from columns of a table", () => {
  const text = "town,rooms,area,price\nBern,2,48,296\nChur,3,75,276\nBern,4,98,510\n";
  const options = {
    inputs: { place: ["town"], numbers: ["area", "rooms"] },
    target: "price",
    categories: { town: "sorted" },
  } as const;

  test("several inputs: each is made of its own columns, and rows are encoded alike", () => {
    const flats = csvDataset(text, options);
    const { inputs, targets } = flats.all();
    expect(inputs.place.toArray()).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(inputs.numbers.toArray()).toEqual([
      [48, 2],
      [75, 3],
      [98, 4],
    ]);
    expect(targets.toArray()).toEqual([296, 276, 510]);
    const row = { town: "Chur", area: 80, rooms: 3 };
    const encoded = flats.preparation.encode({ place: row, numbers: row });
    expect([encoded.place.toArray(), encoded.numbers.toArray()]).toEqual([[[0, 1]], [[80, 3]]]);
    const rows = [
      { town: "Bern", rooms: 2, area: 48, price: 296 },
      { town: "Chur", rooms: 3, area: 75, price: 276 },
    ];
    expect(fromRows(rows, options).all().inputs.numbers.toArray()).toEqual([
      [48, 2],
      [75, 3],
    ]);
  });

  test("several inputs: bad lists of columns are refused", () => {
    const bad =
      (inputs: unknown): (() => unknown) =>
      () =>
        csvDataset(text, { ...options, inputs } as never);
    expect(bad({ place: ["town"], numbers: [] })).toThrow("csvDataset: there is no input column");
    expect(bad({ place: ["twon"] })).toThrow(/"twon"/);
    expect(bad({ place: "town" })).toThrow(
      'csvDataset: inputs.place must be an array of column names, got "town"',
    );
    expect(bad({ place: ["town", "town"] })).toThrow("csvDataset: a column is twice in inputs");
    expect(bad({})).toThrow(/inputs: an object of inputs needs at least one/);
  });
});
