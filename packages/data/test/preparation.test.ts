import { ArgumentError, FormatError, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { minMax } from "../src/min-max.ts";
import { type PreparationDescription, restorePreparation } from "../src/preparation.ts";
import { standardize } from "../src/standardize.ts";
import { compose, scale } from "../src/transforms.ts";

/** Two rows of a table: age 20 and 40, jobs b and a; prices 100 and 300. */
const raw = new Dataset({
  inputs: [
    [20, 0, 1],
    [40, 1, 0],
  ],
  targets: [100, 300],
  columns: [
    { name: "age", missing: 30 },
    { name: "job", classes: ["a", "b"] },
  ],
});
const prepared = raw.with({
  transform: minMax(raw),
  targetTransform: standardize(raw, { of: "targets" }),
});

describe("preparation.encode", () => {
  test("gives a row the numbers that the dataset gives it", () => {
    const { preparation } = prepared;
    const rows = [
      { age: 20, job: "b" },
      { age: 40, job: "a" },
    ];
    expect(preparation.encode(rows).toArray()).toEqual(prepared.all().inputs.toArray());
    expect(preparation.encode(rows[0]).shape).toEqual([1, 3]);
    expect(preparation.encode({ age: 30, job: " a ", id: 7 }).toArray()).toEqual([[0.5, 1, 0]]);
    expect(preparation.encode([]).shape).toEqual([0, 3]);
  });

  test("puts the number for missing values in place of null, undefined and NaN", () => {
    for (const age of [null, undefined, Number.NaN]) {
      expect(raw.preparation.encode({ age, job: "a" }).toArray()).toEqual([[30, 1, 0]]);
    }
  });

  test("takes true and false as 1 and 0, and numbers as names of classes", () => {
    const dataset = new Dataset({
      inputs: [[1, 1, 0]],
      targets: [0],
      columns: [{ name: "member" }, { name: "zone", classes: ["1", "2"] }],
    });
    expect(dataset.preparation.encode({ member: true, zone: 2 }).toArray()).toEqual([[1, 0, 1]]);
  });

  test("without columns takes arrays of numbers, one or several", () => {
    const pixels = new Dataset({
      inputs: [[[0, 255]], [[51, 0]]],
      targets: [0, 1],
      transform: scale(1 / 255),
    });
    const { preparation } = pixels;
    expect(preparation.encode([[51, 255]]).toArray()).toEqual([[[0.2, 1]]]);
    const given = tensor([[[51, 255]], [[0, 0]]]);
    expect(preparation.encode(given).shape).toEqual([2, 1, 2]);
    expect(given.toArray()).toEqual([[[51, 255]], [[0, 0]]]);
  });

  test("refuses rows that do not fit", () => {
    const { preparation } = prepared;
    const refused: [unknown, string][] = [
      [{ job: "a" }, 'preparation.encode: the row has no "age", only ["job"]'],
      [{ Age: 3, job: "a" }, 'has no "age"; is "Age" meant?'],
      [{ age: "39", job: "a" }, 'age: "39" is not a finite number. Texts become numbers by Number(text)'],
      [{ age: 1 / 0, job: "a" }, "age: Infinity is not a finite number"],
      [{ age: 1, job: "c" }, 'job: "c" is none of the classes ["a","b"]'],
      [{ age: 1, job: null }, "job: null is none of the classes"],
      [[{ age: 1, job: "a" }, { age: 1 }], 'preparation.encode: row 1 has no "job"'],
      [[20, 0, 1], 'preparation.encode: row 0: needs an object with ["age","job"], got 20'],
      [5, "the row: needs an object with"],
      [tensor([1, 2, 3]), 'has no "age"'],
    ];
    for (const [rows, message] of refused) {
      expect(() => preparation.encode(rows as never), message).toThrow(ArgumentError);
      expect(() => preparation.encode(rows as never)).toThrow(message);
    }
    const plain = new Dataset({ inputs: [[1, 2]], targets: [0] }).preparation;
    expect(() => plain.encode([1, 2, 3])).toThrow(ShapeError);
    expect(() => plain.encode([1, 2, 3])).toThrow(
      "needs numbers of shape [2], or a list of such rows, got [3]",
    );
    expect(() => plain.encode([1, Number.NaN])).toThrow("NaN at 1 is not a finite number");
    const nothingMissing = new Dataset({ inputs: [[1]], targets: [0], columns: [{ name: "x" }] }).preparation;
    expect(() => nothingMissing.encode({ x: null })).toThrow(
      "x: null is missing, and this column has no number for missing values",
    );
  });
});

describe("preparation.decode", () => {
  test("undoes the targetTransform: mean 200, deviation 100", () => {
    const { preparation } = prepared;
    const outputs = tensor([[-1], [0.5]]);
    expect(preparation.decode(outputs).toArray()).toEqual([[100], [250]]);
    expect(preparation.decode(tensor([1])).toArray()).toEqual([300]);
    expect(outputs.toArray()).toEqual([[-1], [0.5]]);
    expect(raw.preparation.decode(tensor([5])).toArray()).toEqual([5]);
  });

  test("refuses other outputs, classes, and what cannot be undone", () => {
    expect(() => prepared.preparation.decode(tensor([[1, 2]]))).toThrow(
      "[1,2] are no rows of targets of shape []",
    );
    expect(() => prepared.preparation.decode(tensor(1))).toThrow(ShapeError);
    expect(() => prepared.preparation.decode(1 as never)).toThrow("needs the outputs as a tensor, got 1");
    const named = new Dataset({ inputs: [1, 2], targets: [0, 1], classes: 2, classNames: ["no", "yes"] });
    expect(named.preparation.classNames).toEqual(["no", "yes"]);
    expect(() => named.preparation.decode(tensor([1]))).toThrow(
      "take classNames[index] of the largest output",
    );
    const odd = raw.with({ targetTransform: () => {} });
    expect(() => odd.preparation.decode(tensor([1]))).toThrow("a function without an inverse");
    const flat = raw.with({ targetTransform: scale(0) });
    expect(() => flat.preparation.decode(tensor([1]))).toThrow("a factor of 0 cannot be undone");
  });

  test("undoes composed transforms in reverse order", () => {
    const targetTransform = compose(
      scale(0.5),
      standardize(raw.with({ targetTransform: undefined }), { of: "targets" }),
    );
    const { preparation } = raw.with({ targetTransform });
    // 100 ↦ 50 ↦ (50 − 200)/100
    expect(raw.with({ targetTransform }).batch([0]).targets.toArray()).toEqual([-1.5]);
    expect(preparation.decode(tensor([-1.5])).toArray()).toEqual([100]);
  });
});

describe("restorePreparation", () => {
  const description = (): PreparationDescription => JSON.parse(JSON.stringify(prepared.preparation));

  test("gives the same bits after JSON", () => {
    const again = restorePreparation(description());
    const row = { age: 33.3, job: "b" };
    expect(again.encode(row).toArray()).toEqual(prepared.preparation.encode(row).toArray());
    expect(again.decode(tensor([0.123])).toArray()).toEqual(
      prepared.preparation.decode(tensor([0.123])).toArray(),
    );
    expect(JSON.stringify(again)).toBe(JSON.stringify(prepared.preparation));
  });

  test("a transform without a description cannot be saved", () => {
    const odd = raw.with({ transform: () => {} });
    expect(() => JSON.stringify(odd.preparation)).toThrow(
      "the transform is a function without a description",
    );
  });

  test("refuses everything else", () => {
    const good = description();
    let deep: object = { kind: "scale", factor: 1 };
    for (let i = 0; i < 1e5; i++) deep = { kind: "compose", parts: [deep] };
    const wrong: [unknown, RegExp][] = [
      [undefined, /needs an options object/],
      [[], /needs an options object/],
      [{ ...good, kind: "scale" }, /kind must be "preparation", got "scale"/],
      [{ ...good, extra: 1 }, /unknown option "extra"/],
      [{ ...good, inputShape: undefined }, /inputShape/],
      [{ ...good, inputShape: [4] }, /the columns make 3 numbers, the samples are \[4\]/],
      [{ ...good, targetShape: "x" }, /targetShape/],
      [{ ...good, columns: 3 }, /columns must be a list/],
      [
        { ...good, columns: [{ name: "age" }, { name: "age", classes: ["a", "b"] }] },
        /needs a name of its own/,
      ],
      [
        { ...good, columns: [{ name: "age" }, { name: "job", classes: ["a", "a"] }] },
        /list of different texts/,
      ],
      [
        {
          ...good,
          columns: [
            { name: "age", missing: "x" },
            { name: "job", classes: ["a", "b"] },
          ],
        },
        /missing of column/,
      ],
      [{ ...good, columns: undefined, inputShape: [2 ** 50] }, /made for samples of 3 numbers/],
      [{ ...good, transform: deep }, /compose in compose, over 100 deep/],
      [{ ...good, classNames: [1] }, /classNames must be a list of different texts/],
      [{ ...good, transform: { kind: "minMax", min: [0], max: [1] } }, /not a transform's description/],
      [
        { ...good, transform: { kind: "minMax", min: [2], max: [1], range: [0, 1] } },
        /not a transform's description/,
      ],
      [
        { ...good, transform: { kind: "standardize", mean: [0], scale: [1], per: "all" } },
        /not a transform's description/,
      ],
      [
        { ...good, transform: { kind: "standardize", mean: [0, 0], scale: [1, 1] } },
        /made for samples of 2 numbers, got samples of 3/,
      ],
    ];
    for (const [value, message] of wrong) {
      expect(() => restorePreparation(value as never), String(message)).toThrow(FormatError);
      expect(() => restorePreparation(value as never)).toThrow(message);
    }
  });
});
