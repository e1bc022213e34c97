import { ArgumentError, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { DatasetOptions } from "../../src/dataset-options.ts";
import { scale } from "../../src/transforms.ts";
import { five } from "./support.ts";

describe("Dataset refuses", () => {
  const cases: readonly [string, unknown, typeof ShapeError, string][] = [
    ["counts that differ", { targets: new Uint8Array(4) }, ShapeError, "5 inputs but 4 targets"],
    [
      "part of a sample",
      { inputs: new Uint8Array(19) },
      ShapeError,
      "inputs: 19 numbers are not a whole number of samples of [2,2]",
    ],
    [
      "part of a target",
      { targetShape: [2], classes: undefined },
      ShapeError,
      "targets: 5 numbers are not a whole number of samples of [2]",
    ],
    [
      "a typed array without a shape",
      { inputShape: undefined },
      ArgumentError,
      "a Uint8Array of inputs needs inputShape",
    ],
    [
      "a fractional size",
      { inputShape: [1.5] },
      ShapeError,
      "Dataset: inputShape: size 1.5 at axis 0 is not a whole number",
    ],
    ["a negative size", { inputShape: [-4] }, ShapeError, "size -4"],
    ["a NaN size", { inputShape: [Number.NaN] }, ShapeError, "size NaN"],
    ["a huge shape", { inputShape: [2 ** 30, 2 ** 30] }, ShapeError, "2^53"],
    ["a shape that is no list", { inputShape: 4 }, ArgumentError, "a shape is an array of sizes, got 4"],
    ["samples of nothing", { inputShape: [0] }, ShapeError, "inputShape [0] holds no numbers"],
    [
      "bigint arrays",
      { inputs: new BigInt64Array(20) },
      ArgumentError,
      "inputs: a BigInt64Array cannot be kept",
    ],
    ["a DataView", { inputs: new DataView(new ArrayBuffer(20)) }, ArgumentError, "a DataView cannot be kept"],
    ["strings", { inputs: ["1", "2"] }, ArgumentError, 'Dataset: inputs: "1" at [0] is not a number'],
    ["bigints", { targets: [1n, 2n] }, ArgumentError, "Dataset: targets: 1n at [0] is not a number"],
    [
      "rows that are typed arrays",
      { inputs: [new Float32Array(2), new Float32Array(2)] as never },
      ArgumentError,
      "at [0] is not a number; make rows arrays: inputs: rows.map((row) => Array.from(row)); several inputs",
    ],
    [
      "targets that are tensors",
      { targets: [tensor([1]), tensor([2])] as never },
      ArgumentError,
      "Dataset: targets: Tensor at [0] is not a number; put samples together: targets: stack(samples)",
    ],
    ["holes", { targets: new Array(5) }, ArgumentError, "Dataset: targets: undefined at [0] is not a number"],
    [
      "ragged rows",
      { inputs: [[1, 2], [3]] },
      ShapeError,
      "Dataset: inputs: ragged array: [1] has 1 elements where others have 2",
    ],
    ["one number", { inputs: 5 }, ShapeError, "one number is not a list of samples"],
    [
      "nothing",
      { inputs: undefined },
      ArgumentError,
      "Dataset: inputs: undefined at the top is not a number",
    ],
    [
      "rows that do not fit the shape",
      {
        inputs: [
          [1, 2],
          [3, 4],
        ],
        inputShape: [4],
      },
      ShapeError,
      "values of shape [2,2] are not a whole number of samples of [4]",
    ],
    [
      "NaN",
      { inputs: Float32Array.of(0, 0, 0, 0, 0, Number.NaN, 0, 0) },
      ArgumentError,
      "inputs: sample 1 is NaN at position 1",
    ],
    [
      "infinite targets",
      { targets: [0, 1, 2, 1 / 0, 0] },
      ArgumentError,
      "targets: sample 3 is Infinity: all must be finite",
    ],
    [
      "a label too large",
      { classes: 2 },
      ArgumentError,
      "Dataset: the label of sample 2 is 2, but 2 classes are numbered 0 to 1",
    ],
    [
      "a negative label",
      { targets: Int8Array.of(0, 1, 2, -1, 0) },
      ArgumentError,
      "the label of sample 3 is -1",
    ],
    ["a label between two", { targets: [0, 0.5, 1, 0, 0] }, ArgumentError, "the label of sample 1 is 0.5"],
    [
      "classes that are no number",
      { classes: 1.5 },
      ArgumentError,
      "classes must be a whole number ≥ 1, got 1.5",
    ],
    [
      "classes of target vectors",
      { targets: new Uint8Array(10), targetShape: [2] },
      ShapeError,
      "targets of shape [2] are no class indices",
    ],
    ["a transform that is none", { transform: 3 }, ArgumentError, "transform must be a function, got 3"],
    [
      "rows that are not there",
      { rows: Uint32Array.of(0, 5) },
      ArgumentError,
      "Dataset: rows: 5 at [1] is not the index of a sample",
    ],
    ["rows that are no array", { rows: 2 }, ArgumentError, "rows: needs an array of whole numbers, got 2"],
    ["ordered that is no flag", { ordered: 1 }, ArgumentError, "ordered must be true or false, got 1"],
    [
      "names of other classes",
      { classNames: ["a", "b"] },
      ArgumentError,
      "2 classNames do not fit classes, which is 3",
    ],
    [
      "class names twice",
      { classNames: ["a", "b", "a"] },
      ArgumentError,
      "must be a list of different texts",
    ],
    [
      "a scale of classes",
      { targetTransform: scale(2) },
      ArgumentError,
      "class indices (classes is 3) have no targetTransform",
    ],
    [
      "columns of another width",
      { inputShape: [4], columns: [{ name: "x" }] },
      ShapeError,
      "the columns make 1 numbers, the samples are [4]",
    ],
  ];
  test.each(cases)("%s", (_, options, type, message) => {
    expect(() => five(options as Partial<DatasetOptions>)).toThrow(type);
    expect(() => five(options as Partial<DatasetOptions>)).toThrow(message);
  });
});
