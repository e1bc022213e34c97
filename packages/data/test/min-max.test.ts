import { ArgumentError } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { type MinMaxOptions, minMax } from "../src/min-max.ts";
import { scale } from "../src/transforms.ts";

function rows(...inputs: readonly (readonly number[])[]): Dataset {
  return new Dataset({ inputs, targets: inputs.map(([x]) => x) });
}

function scaled(dataset: Dataset, options: MinMaxOptions = {}): number[] {
  return [...dataset.with({ transform: minMax(dataset, options) }).all().inputs.data];
}

const data = rows([1.5, -20, 7], [3.25, 40, 7], [-2, 10, 7], [0.5, 15, 7]);

describe("minMax", () => {
  // From scikit-learn 1.2.1, MinMaxScaler(feature_range); it rounds elsewhere.
  test.each<[[number, number], number[]]>([
    [
      [0, 1],
      [0.6666666666666666, 0, 0, 1, 1, 0, 0, 0.5, 0, 0.47619047619047616, 0.5833333333333333, 0],
    ],
    [
      [-1, 1],
      [1 / 3, -1, -1, 1, 1, -1, -1, 0, -1, -0.04761904761904767, 0.16666666666666663, -1],
    ],
  ])("to %j agrees with scikit-learn's MinMaxScaler", (range, expected) => {
    scaled(data, { range }).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i], 14);
    });
    const back = Float64Array.of(0.25, 0.5, range[0]);
    minMax(data, { range }).inverse(back, 3);
    const undone = range[0] === 0 ? [-0.6875, 10, 7] : [1.28125, 25, 7];
    undone.forEach((x, j) => {
      expect(back[j]).toBeCloseTo(x, 13);
    });
  });

  test("brings all numbers into [0, 1], the least to exactly 0 and the largest to exactly 1", () => {
    const value = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 20 }), (column) => {
        const out = scaled(rows(...column.map((x) => [x])));
        expect(out.every((x) => x >= 0 && x <= 1)).toBe(true);
        if (out.some((x) => x > 0)) expect([Math.min(...out), Math.max(...out)]).toEqual([0, 1]);
      }),
    );
  });

  test("K6: a span that is only rounding counts as constant, tiny but real spans do not", () => {
    const dataset = rows([0.1 + 0.2], [0.3], [0.3]);
    expect(scaled(dataset)).toEqual([0, 0, 0]);
    const later = Float64Array.of(0.31);
    minMax(dataset)(later, 1);
    expect(later[0]).toBe(0);
    expect(scaled(rows([2 ** -40], [2 ** -39], [3 * 2 ** -40]))).toEqual([0, 0.5, 1]);
    expect(scaled(rows([5e-324], [0], [1e-323]))).toEqual([0.5, 0, 1]);
  });

  test("a constant column becomes low everywhere and is undone to its value", () => {
    const transform = minMax(data, { range: [-1, 1] });
    const values = Float64Array.of(0, 0, 9);
    transform(values, 3);
    expect(values[2]).toBe(-1);
    transform.inverse(values, 3);
    expect(values[2]).toBe(7);
  });

  test("all together, per column, and of targets", () => {
    expect(minMax(data, { per: "all" }).description).toMatchObject({ min: [-20], max: [40] });
    const series = new Dataset({
      inputs: [
        [
          [1, 5],
          [2, 9],
        ],
      ],
      targets: [0],
    });
    expect(minMax(series, { per: "column" }).description).toEqual({
      kind: "minMax",
      min: [1, 5],
      max: [2, 9],
      range: [0, 1],
      per: "column",
    });
    const targetTransform = minMax(data, { of: "targets" });
    expect(data.with({ targetTransform }).batch([1, 2]).targets.toArray()).toEqual([1, 0]);
  });

  test("measures only the samples of a part", () => {
    expect(minMax(data.select([0, 3])).description).toMatchObject({ min: [0.5, -20, 7], max: [1.5, 15, 7] });
  });

  test("refuses an empty or transformed dataset, wrong options and overflow", () => {
    const refused: [() => unknown, string][] = [
      [() => minMax(data.take(0)), "minMax: the dataset is empty"],
      [() => minMax(data.with({ transform: scale(2) })), "already has a transform"],
      [
        () => minMax(data, { range: [1, 0] }),
        "range must be two finite numbers [low, high] with low < high, got [1,0]",
      ],
      [() => minMax(data, { range: [0, 1, 2] as never }), "range must be two finite numbers"],
      [() => minMax(data, { range: [0, 0] }), "with low < high"],
      [() => minMax(rows([1, 1.7e308], [1, -1.7e308])), "max − min of feature 1 overflows"],
    ];
    for (const [run, message] of refused) {
      expect(run).toThrow(ArgumentError);
      expect(run).toThrow(message);
    }
  });
});
