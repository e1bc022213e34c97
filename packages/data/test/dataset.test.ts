import { ArgumentError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { scale } from "../src/transforms.ts";
import { five } from "./dataset/support.ts";

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

test("K13: dataset.length is no undefined, with which loops would end at once", () => {
  const dataset = new Dataset({ inputs: [[1], [2]], targets: [0, 1] });
  expect(() => (dataset as unknown as { length: number }).length).toThrow(
    "a dataset has no length: dataset.size is the number of samples",
  );
});
