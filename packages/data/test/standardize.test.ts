import { ArgumentError, createRng, type TypedArray } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { standardize } from "../src/standardize.ts";
import { scale } from "../src/transforms.ts";

/** A dataset of these rows; the targets do not matter. */
function rows(...inputs: readonly (readonly number[])[]): Dataset {
  return new Dataset({ inputs, targets: inputs.map(() => 0) });
}

/** All samples, standardised. */
function standardized(dataset: Dataset, options: Parameters<typeof standardize>[1] = {}): number[] {
  const transformed = dataset.with({ transform: standardize(dataset, options) });
  return [...transformed.batch(Array.from({ length: dataset.size }, (_, i) => i)).inputs.data];
}

describe("standardize", () => {
  test("per feature: columns [1, 3] and [10, 30] have means 2, 20 and deviations 1, 10", () => {
    const dataset = rows([1, 10], [3, 30]);
    expect(standardized(dataset)).toEqual([-1, -1, 1, 1]);
    expect(standardize(dataset).description).toEqual({ kind: "standardize", mean: [2, 20], scale: [1, 0.1] });
  });

  test("all together: [1, 1, 3, 3] have mean 2 and deviation 1", () => {
    expect(standardized(rows([1, 3], [3, 1]), { per: "all" })).toEqual([-1, 1, 1, -1]);
    expect(standardize(rows([1, 3], [3, 1]), { per: "all" }).description.mean).toEqual([2]);
  });

  test("adds epsilon to the variance: variance 1 and epsilon 3 make deviation 2", () => {
    expect(standardized(rows([1], [3]), { epsilon: 3 })).toEqual([-0.5, 0.5]);
  });

  test.each([0, 255, 0.1, 1e16, -1e300, 5e-324])(
    "a feature that is always %d becomes 0, elsewhere as well",
    (value) => {
      const dataset = rows([value, 1], [value, 2], [value, 6]);
      const out = standardized(dataset);
      expect([out[0], out[2], out[4]].every((x) => x === 0)).toBe(true);
      const values = Float64Array.of(value / 2 + 7, 1);
      standardize(dataset)(values, 2);
      expect(values[0] === 0).toBe(true);
      expect(standardized(rows([value], [value], [value]), { per: "all" }).every((x) => x === 0)).toBe(true);
    },
  );

  test("a feature is constant whatever its value and however often it comes", () => {
    const value = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 100 }), (x, count) => {
        const { mean, scale: factor } = standardize(
          rows(...new Array<number[]>(count).fill([x])),
        ).description;
        expect([mean[0] === x, factor[0]]).toEqual([true, 0]);
      }),
    );
  });

  test("K6: a spread that is only rounding counts as constant", () => {
    for (const column of [
      [0.1 + 0.2, 0.3, 0.3],
      [1e16, 1e16 + 2, 1e16],
      [-0.7, -0.7, 0.1 * -7],
    ]) {
      const dataset = rows(...column.map((x) => [x]));
      expect(standardize(dataset).description.scale).toEqual([0]);
      expect(standardize(dataset, { per: "all" }).description.scale).toEqual([0]);
      expect(standardize(dataset, { epsilon: 1e-40 }).description.scale).toEqual([0]);
    }
  });

  test("K6: a tiny spread that is real counts", () => {
    for (const unit of [1e-13, 1e-160, 1e-200, 1e-300]) {
      const out = standardized(rows([unit], [2 * unit], [3 * unit]));
      [-Math.sqrt(1.5), 0, Math.sqrt(1.5)].forEach((expected, i) => {
        expect(out[i]).toBeCloseTo(expected, 9);
      });
    }
    const one = standardize(rows([1 + 2 ** -40], [1], [1 - 2 ** -40])).description.scale[0];
    expect(one / 2 ** 40).toBeCloseTo(Math.sqrt(1.5), 9);
  });

  test("H3: a variance that underflows is computed in other units, with epsilon", () => {
    expect(standardized(rows([1e-200], [2e-200]))).toEqual([-1, 1]);
    // Variance 2.5e-401 beside epsilon 1e-5: 5e-201/√1e-5.
    expect(standardized(rows([1e-200], [2e-200]), { epsilon: 1e-5 })[1] / 1e-199).toBeCloseTo(
      15.811388300841896,
      12,
    );
    expect(() => standardize(rows([0], [5e-324]))).toThrow("the deviation of feature 0 is below 1e-308");
  });

  test("does not lose a small deviation beside a large mean", () => {
    // 1e9 + {1, 2, 3}: variance 2/3. The sum of squares minus the square of the sum would be off by hundreds.
    const out = standardized(rows([1e9 + 1], [1e9 + 2], [1e9 + 3]));
    expect(out[0]).toBeCloseTo(-Math.sqrt(1.5), 12);
    expect(out[2]).toBeCloseTo(Math.sqrt(1.5), 12);
  });

  test("reads every array type without a copy", () => {
    const types = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
    ];
    for (const type of types) {
      const inputs: TypedArray = type.of(1, 10, 3, 30);
      const dataset = new Dataset({ inputs, inputShape: [2], targets: [0, 0] });
      expect(standardized(dataset)).toEqual([-1, -1, 1, 1]);
      expect(dataset.inputs).toBe(inputs);
    }
  });

  test("measures only the samples of a split", () => {
    const all = rows([0], [100], [2], [100]);
    const part = new Dataset({
      inputs: all.inputs,
      inputShape: [1],
      targets: all.targets,
      rows: Uint32Array.of(2, 0),
    });
    expect(standardize(part).description).toEqual({ kind: "standardize", mean: [1], scale: [1] });
  });

  test("gives mean 0 and deviation 1, or 0, and never NaN", () => {
    // Of every size whose squares neither overflow nor underflow.
    const size = fc.constantFrom(1e-100, 1e-5, 1, 1e5, 1e100);
    const value = fc.tuple(fc.integer({ min: -1000, max: 1000 }), size).map(([n, unit]) => n * unit);
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 }), (data) => {
        const out = standardized(rows(...data));
        for (let j = 0; j < 3; j++) {
          const column = out.filter((_, i) => i % 3 === j);
          const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
          const variance = column.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / column.length;
          expect(Math.abs(mean)).toBeLessThan(1e-9);
          expect(Math.min(variance, Math.abs(variance - 1))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test("has the deviation of normal numbers: 10,000 of mean 3 and deviation 2", () => {
    const inputs = createRng("standardize").normal([10000, 1], { mean: 3, std: 2 });
    const { mean, scale: factor } = standardize(new Dataset({ inputs, targets: inputs })).description;
    expect(Math.abs(mean[0] - 3)).toBeLessThan(4 * 0.02); // four standard errors, 2/√10000
    expect(Math.abs(1 / factor[0] - 2)).toBeLessThan(4 * 0.0142); // 2/√20000
  });

  test("refuses an empty or transformed dataset, wrong options and overflow", () => {
    const dataset = rows([1], [2]);
    const refused: [() => unknown, string][] = [
      [
        () => standardize(dataset, { per: "pixel" as never }),
        'per must be "feature" or "column" or "all", got "pixel"',
      ],
      [() => standardize(dataset, { epsilon: -1 }), "epsilon must be a finite number ≥ 0, got -1"],
      [() => standardize(dataset, { epsilon: Number.NaN }), "got NaN"],
      [
        () => standardize(dataset, { of: "labels" as never }),
        'of must be "inputs" or "targets", got "labels"',
      ],
      [() => standardize([[1]] as never), "standardize: needs a Dataset of @gradus/data, got [[1]]"],
      [() => standardize(dataset.take(0)), "the dataset is empty"],
      [() => standardize(dataset.with({ transform: scale(2) })), "already has a transform"],
      [() => standardize(rows([1, -1e200], [1, 1e200])), "the variance of feature 1 overflows"],
      [() => standardize(rows([1e308], [1.7e308])), "the variance of feature 0 overflows"],
    ];
    for (const [run, message] of refused) {
      expect(run).toThrow(ArgumentError);
      expect(run).toThrow(message);
    }
  });

  test("agrees with scikit-learn's StandardScaler, for the constant column on the data it was measured on", () => {
    const dataset = rows([1.5, -20, 7], [3.25, 40, 7], [-2, 10, 7], [0.5, 15, 7]);
    const expected = [
      [0.3620694102721483, -1.465525954401373, 0],
      [1.2837006364194348, 1.3482838780492632, 0],
      [-1.4811930420224246, -0.05862103817605492, 0],
      [-0.1645770046691583, 0.17586311452816478, 0],
    ];
    standardized(dataset).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[Math.floor(i / 3)][i % 3], 14);
    });
    const back = Float64Array.of(0.25, -1.5, 0);
    standardize(dataset).inverse(back, 3);
    [1.2872017978426036, -20.73510395480996, 7].forEach((x, j) => {
      expect(back[j]).toBeCloseTo(x, 13);
    });
  });

  test("of targets: gives a targetTransform, and its inverse gives the targets back", () => {
    const dataset = new Dataset({ inputs: [1, 2], targets: [100, 300] });
    const targetTransform = standardize(dataset, { of: "targets" });
    expect(targetTransform.description).toEqual({ kind: "standardize", mean: [200], scale: [0.01] });
    const prepared = dataset.with({ targetTransform });
    expect(prepared.all().targets.toArray()).toEqual([-1, 1]);
    const values = Float64Array.of(-1, 1, 0.5);
    targetTransform.inverse(values, 1);
    expect([...values]).toEqual([100, 300, 250]);
    expect(() => standardize(prepared, { of: "targets" })).toThrow("already has a targetTransform");
    const labels = new Dataset({ inputs: [1, 2], targets: [0, 1], classes: 2 });
    expect(() => standardize(labels, { of: "targets" })).toThrow("the targets are class indices");
  });

  test("per column: one mean for each position along the last axis", () => {
    // Two samples of two rows: column 0 is 1, 3, 1, 3 and column 1 is 10, 30, 30, 10.
    const dataset = new Dataset({
      inputs: [
        [
          [1, 10],
          [3, 30],
        ],
        [
          [1, 30],
          [3, 10],
        ],
      ],
      targets: [0, 0],
    });
    const transform = standardize(dataset, { per: "column" });
    expect(transform.description).toEqual({
      kind: "standardize",
      mean: [2, 20],
      scale: [1, 0.1],
      per: "column",
    });
    expect(standardized(dataset, { per: "column" })).toEqual([-1, -1, 1, 1, -1, 1, 1, -1]);
    expect(() => transform(new Float64Array(3), 3)).toThrow(
      "made for samples of 2 numbers a row, got samples of 3",
    );
  });
});
