import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readCsv } from "../src/csv.ts";
import { csvDataset, fromRows } from "../src/table-dataset.ts";

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
