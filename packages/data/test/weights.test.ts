import { expect, test } from "vitest";
import { batches, Dataset } from "../src/index.ts";

const given = { inputs: [[1], [2], [3]], targets: [0, 1, 0] };

test("weights go with their samples through batches and parts", () => {
  const data = new Dataset({ ...given, weights: [0, 0.5, 2] });
  expect(Array.from(data.weights ?? [])).toEqual([0, 0.5, 2]);
  expect(data.batch([2, 1]).weights?.toArray()).toEqual([2, 0.5]);
  expect(Array.from(data.select([2, 0]).weights ?? [])).toEqual([2, 0]);
  expect(Array.from(data.slice(1).weights ?? [])).toEqual([0.5, 2]);
  expect(data.with({ transform: undefined }).all().weights?.toArray()).toEqual([0, 0.5, 2]);
  const seen = [...batches(data, 1, { reuse: true })].length;
  expect(seen).toBe(3);
  const read: number[] = [];
  for (const { weights } of batches(data, 1, { reuse: true })) read.push(weights?.item() ?? Number.NaN);
  expect(read).toEqual([0, 0.5, 2]);
  expect(
    new Dataset({ ...given, weights: Float32Array.of(1, 2, 3), rows: [2] }).all().weights?.toArray(),
  ).toEqual([3]);
});

test("a dataset without weights has none", () => {
  const data = new Dataset(given);
  expect(data.weights).toBeUndefined();
  expect("weights" in data.all()).toBe(false);
});

test("weights are one finite number ≥ 0 for each sample, not all 0", () => {
  for (const [weights, message] of [
    [[1, 2], "Dataset: weights: needs one number for each of the 3 samples, got 2 of shape []"],
    [[[1], [1], [1]], "of shape [1]"],
    [[1, -1, 1], "Dataset: weights: that of sample 1 is -1, but must be ≥ 0"],
    [[1, Number.NaN, 1], "Dataset: weights: sample 1 is NaN: all must be finite numbers"],
    [[0, 0, 0], "Dataset: weights: all are 0, so no sample would count"],
  ] as const) {
    expect(() => new Dataset({ ...given, weights: weights as never })).toThrow(message);
  }
});

test("read writes weights into an array that fits", () => {
  const data = new Dataset({ ...given, weights: [0, 0.5, 2] });
  const out = new Float64Array(2);
  data.read([2, 1], new Float64Array(2), new Float64Array(2), out);
  expect([...out]).toEqual([2, 0.5]);
  expect(() => data.read([2, 1], new Float64Array(2), new Float64Array(2), new Float64Array(1))).toThrow(
    "dataset.read: 2 samples have as many weights, got room for 1",
  );
});
