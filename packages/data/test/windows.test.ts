import { ArgumentError, createRng, ShapeError, tensor } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standardize } from "../src/standardize.ts";
import { windows } from "../src/windows.ts";

describe("windows", () => {
  test("of a series of numbers: length steps, and the one after", () => {
    const dataset = windows([10, 11, 12, 13, 14], { length: 2 });
    const { inputs, targets } = dataset.all();
    expect(inputs.toArray()).toEqual([
      [10, 11],
      [11, 12],
      [12, 13],
    ]);
    expect(targets.toArray()).toEqual([12, 13, 14]);
    expect([dataset.inputShape, dataset.targetShape, dataset.ordered]).toEqual([[2], [], true]);
  });

  test("the target lies horizon steps after the last of the window, and windows start stride steps apart", () => {
    const { inputs, targets } = windows(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7), {
      length: 3,
      horizon: 2,
      stride: 3,
    }).all();
    expect(inputs.toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(targets.toArray()).toEqual([4, 7]);
  });

  test("of a series of several values per step", () => {
    const series = [
      [0, 10],
      [1, 11],
      [2, 12],
      [3, 13],
    ];
    const all = windows(tensor(series), { length: 2 });
    expect([all.inputShape, all.targetShape]).toEqual([[2, 2], [2]]);
    expect(all.batch([1]).inputs.toArray()).toEqual([
      [
        [1, 11],
        [2, 12],
      ],
    ]);
    expect(all.all().targets.toArray()).toEqual([
      [2, 12],
      [3, 13],
    ]);
    const second = windows(series, { length: 2, predict: [1] });
    expect(second.all().targets.toArray()).toEqual([[12], [13]]);
  });

  test("a split in order leaks nothing: each target of the second part is later than all of the first", () => {
    const options = fc.record({
      length: fc.integer({ min: 1, max: 6 }),
      horizon: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        options,
        fc.integer({ min: 30, max: 60 }),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        (o, n, f) => {
          const series = Float64Array.from({ length: n }, (_, i) => i);
          const [past, future] = windows(series, o).splitInOrder(f);
          const latest = Math.max(...past.inputs, ...past.targets);
          expect([...future.targets].every((target) => target > latest)).toBe(true);
          expect(past.size + future.size).toBe(Math.floor((n - o.length - o.horizon) / o.stride) + 1);
        },
      ),
    );
  });

  test("are not split at random", () => {
    const dataset = windows([1, 2, 3, 4, 5], { length: 2 });
    expect(() => dataset.split(0.5, createRng(1))).toThrow("dataset.split: the samples overlap in time");
  });

  test("share the numbers of the series", () => {
    const before = process.memoryUsage().arrayBuffers;
    const dataset = windows(new Float64Array(200_000), { length: 10_000 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000); // all windows: 15 GB
    expect(dataset.batch([0, 190_000 - 1]).inputs.shape).toEqual([2, 10_000]);
  });

  test("are scaled column by column", () => {
    const series = [
      [1, 100],
      [3, 300],
      [1, 100],
      [3, 300],
    ];
    const dataset = windows(series, { length: 2, predict: [0] });
    expect(standardize(dataset, { per: "column" }).description).toMatchObject({
      mean: [2, 200],
      scale: [1, 0.01],
    });
  });

  test("refuse what gives no window", () => {
    const refused: [() => unknown, typeof ArgumentError, string][] = [
      [
        () => windows([1, 2, 3], { length: 3 }),
        ArgumentError,
        "a series of 3 steps has no window of length 3 with a target 1 ahead",
      ],
      [
        () => windows([1, 2, 3], {} as never),
        ArgumentError,
        "length must be a whole number ≥ 1, got undefined",
      ],
      [
        () => windows([1, 2, 3], { length: 1, horizon: 0 }),
        ArgumentError,
        "horizon must be a whole number ≥ 1, got 0",
      ],
      [() => windows([1, Number.NaN], { length: 1 }), ArgumentError, "series: sample 1 is NaN"],
      [() => windows([[[1]], [[2]]], { length: 1 }), ShapeError, "the series must be [n] or [n, d]"],
      [
        () => windows([1, 2, 3], { length: 1, predict: [0] }),
        ArgumentError,
        "predict must be different positions of the 1 values",
      ],
      [
        () =>
          windows(
            [
              [1, 2],
              [3, 4],
            ],
            { length: 1, predict: [2] },
          ),
        ArgumentError,
        "of the 2 values of a step of a series [n, d], got [2]",
      ],
      [
        () =>
          windows(
            [
              [1, 2],
              [3, 4],
            ],
            { length: 1, predict: [] },
          ),
        ArgumentError,
        "got []",
      ],
      [
        () =>
          windows(
            [
              [1, 2],
              [3, 4],
            ],
            { length: 1, predict: [1, 1] },
          ),
        ArgumentError,
        "different positions",
      ],
    ];
    for (const [run, type, message] of refused) {
      expect(run).toThrow(type);
      expect(run).toThrow(message);
    }
  });
});
