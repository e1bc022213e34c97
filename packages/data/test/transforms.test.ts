import { ArgumentError, FormatError, ShapeError, tensor } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { minMax } from "../src/min-max.ts";
import { standardize } from "../src/standardize.ts";
import { compose, restoreTransform, scale, type Transform } from "../src/transforms.ts";

const apply = (transform: Transform, values: readonly number[], sampleSize: number): number[] => {
  const data = Float64Array.from(values);
  transform(data, sampleSize);
  return [...data];
};

describe("scale", () => {
  test("multiplies every number", () => {
    expect(apply(scale(0.5), [1, 2, -3], 1)).toEqual([0.5, 1, -1.5]);
    expect(apply(scale(1 / 255), [0, 255], 2)).toEqual([0, 1]);
    expect(scale(2).description).toEqual({ kind: "scale", factor: 2 });
  });

  test("refuses a factor that is no finite number", () => {
    for (const factor of [Number.NaN, Number.POSITIVE_INFINITY, "2" as never, undefined as never]) {
      expect(() => scale(factor)).toThrow(ArgumentError);
    }
  });
});

describe("a transform that returns its result", () => {
  const mapped = ((values: Float64Array) => values.map((x) => x / 255)) as unknown as Transform;
  const listed = ((values: Float64Array) => Array.from(values)) as unknown as Transform;
  const late = (async (values: Float64Array) => values.fill(1)) as unknown as Transform;
  const raw = { inputs: [[255], [51]], targets: [1, 2] };

  test.each([mapped, listed, late])("is refused wherever a transform is run: %s", (transform) => {
    const returned = /changes the values in place, but this one returned/;
    for (const part of [transform, compose(scale(1), transform)]) {
      const named = { inputs: { a: raw.inputs, b: raw.inputs }, targets: raw.targets };
      expect(() => new Dataset({ ...raw, transform: part }).all()).toThrow(returned);
      expect(() => new Dataset({ ...named, transform: { b: part } }).all()).toThrow(returned);
      expect(() => new Dataset({ ...raw, targetTransform: part }).all()).toThrow(ArgumentError);
      expect(() => new Dataset({ ...raw, transform: part }).preparation.encode([1])).toThrow(returned);
      const targetTransform = Object.assign(() => {}, { inverse: part });
      const { preparation } = new Dataset({ ...raw, targetTransform });
      expect(() => preparation.decode(tensor([1]))).toThrow(returned);
    }
  });

  test("is taken if it returns the same array, a number or nothing", () => {
    const filled = ((values: Float64Array) => values.fill(7)) as unknown as Transform;
    const first = ((values: Float64Array) => (values[0] = 7)) as unknown as Transform;
    expect(new Dataset({ ...raw, transform: filled }).all().inputs.toArray()).toEqual([[7], [7]]);
    expect(new Dataset({ ...raw, transform: first }).all().inputs.toArray()).toEqual([[7], [51]]);
  });
});

test("JSON.stringify writes the description of a transform, also inside other data", () => {
  const dataset = new Dataset({ inputs: [[1], [3]], targets: [1, 2] });
  for (const transform of [scale(2), standardize(dataset), minMax(dataset), compose(scale(2), scale(3))]) {
    const { saved } = JSON.parse(JSON.stringify({ saved: transform }));
    expect(saved).toEqual(transform.description);
    expect(JSON.stringify(restoreTransform(saved))).toBe(JSON.stringify(transform));
  }
  expect(JSON.stringify({ saved: compose(scale(2), () => {}) })).toBe("{}");
});

describe("compose", () => {
  const addOne: Transform = (values) => {
    for (let i = 0; i < values.length; i++) values[i]++;
  };

  test("runs one after the other", () => {
    expect(apply(compose(scale(2), addOne), [1, 2], 1)).toEqual([3, 5]);
    expect(apply(compose(addOne, scale(2)), [1, 2], 1)).toEqual([4, 6]);
    expect(apply(compose(), [1, 2], 1)).toEqual([1, 2]);
  });

  test("has a description if all its parts have", () => {
    expect(compose(scale(2), scale(3)).description).toEqual({
      kind: "compose",
      parts: [
        { kind: "scale", factor: 2 },
        { kind: "scale", factor: 3 },
      ],
    });
    expect(compose(scale(2), addOne).description).toBeUndefined();
  });

  test("refuses parts that are not functions", () => {
    expect(() => compose(scale(1), undefined as never)).toThrow(
      "compose: part 1 is not a transform but undefined",
    );
  });
});

describe("restoreTransform", () => {
  test("gives the same bits after JSON", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
            fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
          ),
          {
            minLength: 2,
          },
        ),
        (rows) => {
          const made = compose(scale(1 / 3), standardize(new Dataset({ inputs: rows, targets: rows })));
          const again = restoreTransform(JSON.parse(JSON.stringify(made.description)));
          expect(apply(again, rows.flat(), 2)).toEqual(apply(made, rows.flat(), 2));
          expect(again.description).toEqual(made.description);
        },
      ),
    );
  });

  test("refuses everything else", () => {
    const wrong = [
      undefined,
      null,
      5,
      "scale",
      [],
      {},
      { kind: "scale" },
      { kind: "scale", factor: "2" },
      { kind: "scale", factor: null },
      { kind: "other", factor: 1 },
      { kind: "standardize", mean: [1] },
      { kind: "standardize", mean: [1], scale: [1, 2] },
      { kind: "standardize", mean: [], scale: [] },
      { kind: "standardize", mean: [null], scale: [1] },
      { kind: "standardize", mean: ["1"], scale: [1] },
      { kind: "compose", parts: 3 },
      { kind: "compose", parts: [{}] },
    ];
    for (const description of wrong) {
      expect(() => restoreTransform(description as never), JSON.stringify(description)).toThrow(FormatError);
    }
  });

  test("refuses samples of another size when used", () => {
    const transform = restoreTransform({ kind: "standardize", mean: [1, 2], scale: [1, 1] });
    expect(() => apply(transform, [1, 2, 3], 3)).toThrow(ShapeError);
    expect(() => apply(transform, [1, 2, 3], 3)).toThrow("made for samples of 2 numbers, got samples of 3");
  });
});
