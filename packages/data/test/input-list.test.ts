import { createRng, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { batches } from "../src/batches.ts";
import { Dataset } from "../src/dataset.ts";
import { folds } from "../src/folds.ts";
import { minMax } from "../src/min-max.ts";
import { restorePreparation } from "../src/preparation.ts";
import { standardize } from "../src/standardize.ts";
import { scale } from "../src/transforms.ts";

/** Sample i has the image [[4i, 4i+1], [4i+2, 4i+3]], the row [i, −i, 10], the target i and the weight i + 1. */
function towers(n = 10): Dataset<"image" | "table"> {
  return new Dataset({
    inputs: {
      image: Uint8Array.from({ length: 4 * n }, (_, i) => i),
      table: Array.from({ length: n }, (_, i) => [i, -i, 10]),
    },
    inputShape: { image: [2, 2] },
    targets: Float32Array.from({ length: n }, (_, i) => i),
    weights: Array.from({ length: n }, (_, i) => i + 1),
  });
}

const numbersOf = (i: number): { image: number[][]; table: number[] } => ({
  image: [
    [4 * i, 4 * i + 1],
    [4 * i + 2, 4 * i + 3],
  ],
  table: [i, i === 0 ? 0 : -i, 10],
});

/** Whether each input, target and weight of a dataset belongs to the sample of its target. */
function isWhole(dataset: Dataset<"image" | "table">): boolean {
  const { inputs, targets, weights } = dataset.all();
  const ids = [...targets.data];
  expect(inputs.image.toArray()).toEqual(ids.map((i) => numbersOf(i).image));
  expect(inputs.table.mul(1).add(0).toArray()).toEqual(ids.map((i) => numbersOf(i).table));
  expect(weights?.toArray()).toEqual(ids.map((i) => i + 1));
  expect([...dataset.inputs.image]).toEqual(ids.flatMap((i) => numbersOf(i).image.flat()));
  expect([...dataset.inputs.table].map((x) => x + 0)).toEqual(ids.flatMap((i) => numbersOf(i).table));
  expect([...dataset.targets]).toEqual(ids);
  return true;
}

describe("several inputs: a dataset", () => {
  test("several inputs: has shapes, sizes and arrays by name, of the type of each array", () => {
    const data = towers();
    expect(data.inputNames).toEqual(["image", "table"]);
    expect(data.inputShape).toEqual({ image: [2, 2], table: [3] });
    expect(data.inputSize).toEqual({ image: 4, table: 3 });
    expect(data.inputs.image).toBeInstanceOf(Uint8Array);
    expect(data.size).toBe(10);
    const image: Tensor = data.batch([3]).inputs.image; // the type knows the names
    expect(image.toArray()).toEqual([numbersOf(3).image]);
  });

  test("several inputs: one input has no names", () => {
    const data = new Dataset({ inputs: [[1, 2]], targets: [0] });
    expect(data.inputNames).toBeUndefined();
    const x: Tensor = data.all().inputs;
    expect(x.toArray()).toEqual([[1, 2]]);
  });

  const parts: readonly [string, (d: Dataset<"image" | "table">) => Dataset<"image" | "table">][] = [
    ["the whole", (d) => d],
    ["take", (d) => d.take(4)],
    ["slice", (d) => d.slice(2, 7)],
    ["select", (d) => d.select([4, 4, 0])],
    ["shuffle", (d) => d.shuffle(createRng(1))],
    ["split", (d) => d.split(0.7, createRng(2))[1]],
    ["a split of a shuffle", (d) => d.shuffle(createRng(1)).split(0.5, createRng(2))[0]],
    ["splitInOrder", (d) => d.splitInOrder(0.6)[1]],
    ["folds", (d) => folds(d, 3, { rng: createRng(3) })[1][0]],
    ["with", (d) => d.shuffle(createRng(1)).with({ transform: { image: scale(1) } })],
    [
      "the option rows",
      ({ inputs, targets, weights, inputShape }) =>
        new Dataset({ inputs, inputShape, targets, weights, rows: [7, 2, 2] }),
    ],
  ];
  test.each(parts)("several inputs: %s keeps inputs, target and weight of a sample together", (_, part) => {
    expect(isWhole(part(towers()))).toBe(true);
  });

  test("several inputs: batches give the samples of every input, also into the same tensors", () => {
    for (const reuse of [false, true]) {
      const seen: number[] = [];
      for (const { inputs, targets, indices } of batches(towers(), 4, { rng: createRng(5), reuse })) {
        expect(inputs.image.toArray()).toEqual([...indices].map((i) => numbersOf(i).image));
        expect([...inputs.table.data].filter((_, i) => i % 3 === 0)).toEqual([...targets.data]);
        seen.push(...indices);
      }
      expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("several inputs: read writes into an array for each", () => {
    const room = { image: new Float64Array(8), table: new Float64Array(6) };
    const targets = new Float64Array(2);
    towers().read([1, 0], room, targets);
    expect([...room.image, ...room.table, ...targets]).toEqual([
      4, 5, 6, 7, 0, 1, 2, 3, 1, -1, 10, 0, -0, 10, 1, 0,
    ]);
    const small = { ...room, table: new Float64Array(5) };
    expect(() => towers().read([1, 0], small, targets)).toThrow(
      "dataset.read: 2 samples take 6 numbers for table and 2 for targets, got room for 5 and 2",
    );
    expect(() => towers().read([1, 0], room.image as never, targets)).toThrow(
      /it must be an object such as \{ image: … \}/,
    );
  });
});

describe("several inputs: transforms by name", () => {
  test("several inputs: standardize and minMax measure one of them, and other inputs are left alone", () => {
    const data = towers(3);
    // Columns 0, 1, 2 and 0, −1, −2: mean ±1, variance 2/3.
    const table = standardize(data, { input: "table" });
    expect(table.description.mean).toEqual([1, -1, 10]);
    const image = minMax(data, { input: "image", per: "all" });
    expect(image.description).toMatchObject({ min: [0], max: [11] });
    const { inputs } = data.with({ transform: { table } }).with({ transform: { image } }).all();
    expect([...inputs.table.data]).toEqual([-1, 1, 0, 0, 0, 0, 1, -1, 0].map((x) => x * Math.sqrt(1.5)));
    expect([...inputs.image.data]).toEqual(Array.from({ length: 12 }, (_, i) => i / 11));
  });

  test("several inputs: undefined takes a transform away, of one name or of all", () => {
    const both = towers().with({ transform: { image: scale(2), table: scale(3) } });
    expect(Object.keys(both.with({ transform: { image: undefined } }).transform ?? {})).toEqual(["table"]);
    expect(both.with({ transform: undefined }).transform).toBeUndefined();
    expect(both.with({ targetTransform: scale(2) }).transform).toEqual(both.transform);
  });

  test("several inputs: a transform or a measure needs the name of an input", () => {
    const data = towers();
    expect(() => data.with({ transform: scale(2) as never })).toThrow(
      'Dataset: transform: the dataset has the inputs ["image","table"], so it must be an object such as { image: … }, got function',
    );
    expect(() => data.with({ transform: { tabel: scale(2) } as never })).toThrow(
      'Dataset: transform: there is no input "tabel", only ["image","table"]; is "table" meant?',
    );
    expect(() => standardize(data)).toThrow(
      /standardize: the dataset has several inputs; say which one: \{ input: "image" \}/,
    );
    expect(() => minMax(data, { input: "rows" })).toThrow(/minMax: there is no input "rows"/);
    expect(() => standardize(data, { of: "targets", input: "table" })).toThrow(/of: "targets" has no input/);
    const one = new Dataset({ inputs: [[1], [2]], targets: [0, 1] });
    expect(() => standardize(one, { input: "table" })).toThrow(/one input without a name/);
    expect(() => one.with({ transform: { table: scale(1) } as never })).toThrow(
      /Dataset: transform must be a function/,
    );
  });

  test("several inputs: the raw one is measured", () => {
    const data = towers().with({ transform: { image: scale(2) } });
    expect(() => standardize(data, { input: "image" })).toThrow(
      "standardize: this dataset already has a transform. Measure the raw one: dataset.with({ transform: { image: undefined } })",
    );
    expect(() => standardize(data, { input: "table" })).not.toThrow();
  });
});

describe("several inputs: the preparation", () => {
  const data = new Dataset({
    inputs: {
      image: [[[1, 2]], [[3, 4]]],
      table: [
        [10, 1],
        [20, 0],
      ],
    },
    targets: [1, 2],
    columns: { table: [{ name: "age" }, { name: "rich" }] },
    transform: { image: scale(0.5) },
  });
  const { preparation } = data;

  test("several inputs: encodes rows of every input, and comes back from JSON", () => {
    for (const way of [
      preparation,
      restorePreparation<"image" | "table">(JSON.parse(JSON.stringify(preparation))),
    ]) {
      const { image, table } = way.encode({ image: [[5, 6]], table: { age: 30, rich: true } });
      expect([image.toArray(), table.toArray()]).toEqual([[[[2.5, 3]]], [[30, 1]]]);
      expect(way.inputShape).toEqual({ image: [1, 2], table: [2] });
      expect(way.columns).toEqual({ table: [{ name: "age" }, { name: "rich" }] });
    }
    expect(
      preparation.encode({
        image: [[[5, 6]], [[7, 8]]],
        table: [
          { age: 1, rich: 0 },
          { age: 2, rich: 1 },
        ],
      }).table.shape,
    ).toEqual([2, 2]);
  });

  test("several inputs: refuses a missing, an unknown and an uneven one, and names the one that is wrong", () => {
    const image = [[5, 6]];
    const table = { age: 30, rich: 1 };
    expect(() => preparation.encode({ image } as never)).toThrow(
      'preparation.encode: the input "table" is missing; needed are ["image","table"]',
    );
    expect(() => preparation.encode({ image, table, rest: 1 } as never)).toThrow(/there is no input "rest"/);
    expect(() => preparation.encode({ image, table: [table, table] })).toThrow(
      'preparation.encode: needs as many rows for each of ["image","table"], got [1,2]',
    );
    expect(() => preparation.encode({ image, table: { age: 30 } })).toThrow(
      /preparation\.encode: table: the row has no "rich"/,
    );
    expect(() => preparation.encode({ image: [5, 6], table })).toThrow(
      /preparation\.encode: image: needs numbers of shape \[1,2\]/,
    );
  });
});
