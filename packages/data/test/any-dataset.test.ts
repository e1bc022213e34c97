import { ArgumentError } from "@gradus/core";
import { expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { standardize } from "../src/standardize.ts";
import { scale } from "../src/transforms.ts";
import { windows } from "../src/windows.ts";

const data = new Dataset({
  inputs: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  targets: [0, 1, 0],
  classes: 2,
  weights: [1, 2, 3],
});

test("K10: a copy {...dataset} has the numbers of its samples, also of a part", () => {
  const part = { ...data.select([2, 0]) };
  expect(part).toMatchObject({ inputShape: [2], size: 2, classes: 2 });
  expect([[...part.inputs], [...part.targets], [...(part.weights ?? [])]]).toEqual([
    [5, 6, 1, 2],
    [0, 0],
    [3, 1],
  ]);
  const { inputs, inputShape, targets, classes, weights } = part;
  const again = new Dataset({ inputs, inputShape, targets, classes, weights });
  expect(again.all().inputs.toArray()).toEqual([
    [5, 6],
    [1, 2],
  ]);
});

test("K10: structuredClone and postMessage of a dataset are refused, whatever it has", () => {
  for (const dataset of [
    data,
    data.take(1),
    data.with({ transform: scale(2) }),
    windows([1, 2, 3], { length: 1 }),
  ]) {
    expect(() => structuredClone(dataset)).toThrow(
      /a dataset \(send its inputs and targets to new Dataset\)/,
    );
    expect(() => structuredClone({ dataset })).toThrow(/a dataset \(send/);
  }
});

test("K10: JSON.stringify of a dataset says what to write", () => {
  expect(() => JSON.stringify({ data })).toThrow(ArgumentError);
  expect(() => JSON.stringify(data)).toThrow(
    /^toJSON: a dataset is not written as JSON; keep its inputs and targets/,
  );
});

test("K10: a copy of a preparation keeps its transforms, and a clone of one with transforms is refused", () => {
  const { preparation } = data.with({ transform: standardize(data) });
  expect({ ...preparation }.transform).toBe(preparation.transform);
  expect(() => structuredClone(preparation)).toThrow(
    /a preparation \(send its toJSON\(\) to restorePreparation\)/,
  );
  expect(() => structuredClone(data.preparation)).toThrow(/a preparation \(send/);
});
