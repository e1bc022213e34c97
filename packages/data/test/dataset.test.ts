import { ArgumentError, createRng, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import type { DatasetOptions } from "../src/dataset-options.ts";
import { scale } from "../src/transforms.ts";

/** Five samples of shape [2, 2], numbered so that sample i is [4i, 4i+1, 4i+2, 4i+3], of class i mod 3. */
function five(more: Partial<DatasetOptions> = {}): Dataset {
  const inputs = Uint8Array.from({ length: 20 }, (_, i) => i);
  const targets = Uint8Array.of(0, 1, 2, 0, 1);
  return new Dataset({ inputs, inputShape: [2, 2], targets, classes: 3, ...more });
}

const classesOf = (dataset: Dataset): unknown =>
  dataset.batch(Array.from({ length: dataset.size }, (_, i) => i)).targets.toArray();

test("a dataset cannot be changed by assignment, which its batches would not follow", () => {
  const dataset = new Dataset({ inputs: [[1], [2]], targets: [3, 4] });
  for (const name of ["transform", "targetTransform", "size", "inputShape", "inputs", "classes", "new"]) {
    expect(() => Object.assign(dataset, { [name]: 1 })).toThrow(TypeError);
    expect(() => Object.assign(dataset.take(1), { [name]: 1 })).toThrow(TypeError);
  }
  class Named extends Dataset {
    readonly title = "mine";
  }
  expect(new Named({ inputs: [[1]], targets: [3] }).title).toBe("mine");
});

describe("Dataset", () => {
  test("keeps typed arrays as they are", () => {
    const inputs = new Uint8Array(20);
    const dataset = five({ inputs });
    expect(dataset.inputs).toBe(inputs);
    expect([dataset.size, dataset.inputShape, dataset.inputSize]).toEqual([5, [2, 2], 4]);
    expect([dataset.targetShape, dataset.targetSize, dataset.classes]).toEqual([[], 1, 3]);
  });

  test("takes every numeric array type", () => {
    for (const type of [Float64Array, Float32Array, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array]) {
      expect(new Dataset({ inputs: new type(4), inputShape: [2], targets: new type(2) }).size).toBe(2);
    }
    for (const type of [Uint16Array, Int32Array, Uint32Array]) {
      expect(new Dataset({ inputs: new type(4), inputShape: [2], targets: new type(2) }).size).toBe(2);
    }
  });

  test("finds the shapes of nested arrays and tensors", () => {
    const nested = new Dataset({
      inputs: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      targets: [[1], [0], [1]],
    });
    expect([nested.size, nested.inputShape, nested.targetShape]).toEqual([3, [2], [1]]);
    const fromTensor = new Dataset({ inputs: tensor([[[1, 2]], [[3, 4]]]), targets: [0, 1] });
    expect([fromTensor.size, fromTensor.inputShape, fromTensor.targetShape]).toEqual([2, [1, 2], []]);
    const numbers = new Dataset({ inputs: [1, 2, 3], targets: [2, 4, 6] });
    expect([numbers.size, numbers.inputShape]).toEqual([3, []]);
  });

  test("takes another shape of the same size for samples", () => {
    expect(new Dataset({ inputs: [[1, 2, 3, 4]], inputShape: [2, 2], targets: [0] }).inputShape).toEqual([
      2, 2,
    ]);
    expect(new Dataset({ inputs: [0, 0, 0, 1], inputShape: [2], targets: [0, 1] }).size).toBe(2);
  });

  test("keeps copies of columns and names of classes", () => {
    const classes = ["a", "b"];
    const columns = [{ name: "job", classes }];
    const dataset = new Dataset({ inputs: [[1, 0]], targets: [0], classes: 2, classNames: classes, columns });
    classes.reverse();
    columns.pop();
    expect(dataset.columns).toEqual([{ name: "job", classes: ["a", "b"] }]);
    expect(dataset.take(1).classNames).toEqual(["a", "b"]);
  });

  test("may be empty", () => {
    const empty = new Dataset({ inputs: new Uint8Array(0), inputShape: [784], targets: new Uint8Array(0) });
    expect(empty.size).toBe(0);
    expect(empty.batch([]).inputs.shape).toEqual([0, 784]);
  });
});

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

describe("dataset.batch", () => {
  test("gathers samples in the order asked for, as float64", () => {
    const { inputs, targets } = five().batch([3, 0, 3]);
    expect(inputs.toArray()).toEqual([
      [
        [12, 13],
        [14, 15],
      ],
      [
        [0, 1],
        [2, 3],
      ],
      [
        [12, 13],
        [14, 15],
      ],
    ]);
    expect(targets.toArray()).toEqual([0, 0, 0]);
    expect(inputs.data).toBeInstanceOf(Float64Array);
  });

  test("gathers target vectors", () => {
    const dataset = new Dataset({
      inputs: [1, 2],
      targets: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(dataset.batch([1]).targets.toArray()).toEqual([[3, 4]]);
    expect(dataset.batch([1]).inputs.shape).toEqual([1]);
  });

  test("transforms the batch, not the stored inputs", () => {
    const dataset = five({ transform: scale(0.5) });
    expect(dataset.batch([1]).inputs.toArray()).toEqual([
      [
        [2, 2.5],
        [3, 3.5],
      ],
    ]);
    expect(dataset.batch([1]).inputs.toArray()).toEqual([
      [
        [2, 2.5],
        [3, 3.5],
      ],
    ]);
    expect(dataset.inputs[4]).toBe(4);
  });

  test("tells the transform the size of a sample", () => {
    const seen: [number, number][] = [];
    five({ transform: (values, sampleSize) => seen.push([values.length, sampleSize]) }).batch([0, 1]);
    expect(seen).toEqual([[8, 4]]);
  });

  test("refuses wrong indices", () => {
    for (const index of [5, -1, 0.5, Number.NaN, "0" as never, undefined as never]) {
      expect(() => five().batch([0, index])).toThrow(ArgumentError);
    }
    expect(() => five().batch([0, 5])).toThrow(
      "dataset.batch: 5 at [1] is not the index of a sample: there are 5",
    );
    expect(() => five().batch(3 as never)).toThrow("needs an array of whole numbers, got 3");
  });

  test("reads into given arrays, all or nothing", () => {
    const [inputs, targets] = [new Float64Array(8).fill(-1), new Float64Array(2).fill(-1)];
    five({ transform: scale(10) }).read([4, 1], inputs, targets);
    expect([...inputs]).toEqual([160, 170, 180, 190, 40, 50, 60, 70]);
    expect([...targets]).toEqual([1, 1]);
    inputs.fill(-1);
    expect(() => five().read([0, 9], inputs, targets)).toThrow(ArgumentError);
    expect(() => five().read([0], inputs, targets)).toThrow(
      "1 samples take 4 numbers and 1 for targets, got room for 8 and 2",
    );
    expect([...inputs]).toEqual(new Array(8).fill(-1));
  });
});

describe("parts of a dataset", () => {
  test("take and slice share the arrays", () => {
    const dataset = five({ transform: scale(2) });
    const part = dataset.slice(1, 3);
    expect(part.size).toBe(2);
    expect(part.inputs.buffer).toBe(dataset.inputs.buffer);
    expect(part.batch([0]).inputs.toArray()).toEqual([
      [
        [8, 10],
        [12, 14],
      ],
    ]);
    expect(classesOf(dataset.slice(3))).toEqual([0, 1]);
    expect(classesOf(dataset.take(2))).toEqual([0, 1]);
    expect(classesOf(part.slice(1).take(1))).toEqual([2]);
    expect([dataset.take(0).size, dataset.slice(5).size]).toEqual([0, 0]);
  });

  test("slices outside the dataset are refused", () => {
    for (const [start, end] of [
      [-1, 2],
      [0, 6],
      [3, 2],
      [0.5, 1],
      [0, Number.NaN],
    ]) {
      expect(() => five().slice(start, end)).toThrow(ArgumentError);
    }
    expect(() => five().take(6)).toThrow("needs whole numbers 0 ≤ start ≤ end ≤ 5, got 0 and 6");
  });

  test("split shares out all samples, each once, and copies none", () => {
    const inputs = Uint8Array.from({ length: 100 }, (_, i) => i);
    const dataset = new Dataset({ inputs, inputShape: [1], targets: inputs });
    const [first, second] = dataset.split(0.7, createRng("split"));
    expect([first.size, second.size]).toEqual([70, 30]);
    expect([...first.inputs]).toEqual(classesOf(first));
    const all = [...(classesOf(first) as number[]), ...(classesOf(second) as number[])];
    expect(all).not.toEqual([...inputs]);
    expect(all.sort((a, b) => a - b)).toEqual([...inputs]);
  });

  test("split of a split and slices of it stay within", () => {
    const numbers = Uint8Array.from({ length: 40 }, (_, i) => i);
    const [half] = new Dataset({ inputs: numbers, inputShape: [1], targets: numbers }).split(
      0.5,
      createRng(1),
    );
    const members = classesOf(half) as number[];
    const [a, b] = half.split(0.25, createRng(2));
    const again = [...(classesOf(a) as number[]), ...(classesOf(b) as number[])];
    expect(again.sort((x, y) => x - y)).toEqual([...members].sort((x, y) => x - y));
    expect(classesOf(half.slice(3, 6))).toEqual(members.slice(3, 6));
  });

  test("the same stream splits the same way, and inputs keep their targets", () => {
    const numbers = Uint8Array.from({ length: 40 }, (_, i) => i);
    const dataset = new Dataset({ inputs: numbers, inputShape: [], targets: numbers });
    const [a] = dataset.split(0.5, createRng(7));
    const [b] = dataset.split(0.5, createRng(7));
    const batch = a.batch([0, 1, 2]);
    expect(classesOf(a)).toEqual(classesOf(b));
    expect(batch.inputs.toArray()).toEqual(batch.targets.toArray());
  });

  test("split refuses fractions outside (0, 1) and a missing rng", () => {
    for (const fraction of [0, 1, -0.1, 1.5, Number.NaN]) {
      expect(() => five().split(fraction, createRng(1))).toThrow("fraction must be in (0, 1)");
    }
    expect(() => five().split(0.5, undefined as never)).toThrow(
      "dataset.split: rng must be a random stream from createRng(seed), got undefined",
    );
  });

  test("with replaces the transform and keeps the rest", () => {
    const [part] = five({ transform: scale(2) }).split(0.6, createRng(1));
    expect(() => part.with({} as never)).toThrow("dataset.with: needs { transform }");
    expect(() => part.with({ classes: 2 } as never)).toThrow(
      /unknown option "classes"; it takes { transform, targetTransform }$/,
    );
    const raw = part.with({ transform: undefined });
    expect(raw.transform).toBeUndefined();
    expect([raw.targets, raw.classes, raw.size]).toEqual([part.targets, 3, 3]);
    expect(part.transform).toBeDefined();
  });
});

test("K13: dataset.length is no undefined, with which loops would end at once", () => {
  const dataset = new Dataset({ inputs: [[1], [2]], targets: [0, 1] });
  expect(() => (dataset as unknown as { length: number }).length).toThrow(
    "a dataset has no length: dataset.size is the number of samples",
  );
});
