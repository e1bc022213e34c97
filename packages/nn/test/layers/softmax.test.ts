import { ArgumentError, ones, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { LogSoftmax, Softmax } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

describe.each([
  ["Softmax", Softmax],
  ["LogSoftmax", LogSoftmax],
] as const)("%s", (name, Layer) => {
  test("passes the gradient checks along any axis", () => {
    checkLayer(new Layer(), [awayFromKinks([3, 4])]);
    checkLayer(new Layer({ axis: 0 }), [awayFromKinks([3, 2])]);
    checkLayer(new Layer({ axis: 1 }), [awayFromKinks([2, 3, 2])]);
  });

  test("refuses an axis the input does not have, and one that is no whole number", () => {
    expect(() => new Layer({ axis: 2 }).forward(ones([2, 2]))).toThrow(ShapeError);
    expect(() => new Layer({ axis: 2 }).forward(ones([2, 2]))).toThrow(
      `${name}(axis=2): expects an input with an axis 2, got [2,2]`,
    );
    expect(() => new Layer({ axis: -3 }).forward(ones([2, 2]))).toThrow(ShapeError);
    expect(() => new Layer().forward(tensor(1))).toThrow(ShapeError);
    for (const axis of [0.5, Number.NaN]) expect(() => new Layer({ axis })).toThrow(ArgumentError);
    expect(() => new Layer({ axis: 0.5 })).toThrow(`${name}: axis must be a whole number, got 0.5`);
  });

  test("prints itself", () => {
    expect(String(new Layer())).toBe(`${name}()`);
    expect(String(new Layer({ axis: 1 }))).toBe(`${name}(axis=1)`);
  });
});

test("Softmax gives shares that sum to 1 along its axis, also for huge logits", () => {
  // e^log(k) = k: shares 1/10, 2/10, 3/10, 4/10.
  const logits = tensor([
    [0, Math.LN2],
    [1.0986122886681098, 2 * Math.LN2],
  ]);
  expectAllClose(new Softmax({ axis: 1 }).forward(logits), [1 / 3, 2 / 3, 3 / 7, 4 / 7], 1e-14);
  expectAllClose(new Softmax({ axis: 0 }).forward(logits), [1 / 4, 1 / 3, 3 / 4, 2 / 3], 1e-14);
  expect(new Softmax().forward(tensor([10000, -10000])).toArray()).toEqual([1, 0]);
});

test("LogSoftmax is the logarithm of softmax, also where that is 0", () => {
  const y = new LogSoftmax().forward(tensor([0, Math.LN2]));
  expectAllClose(y, [-1.0986122886681098, -0.4054651081081644], 1e-14);
  expect(new LogSoftmax().forward(tensor([10000, -10000])).toArray()).toEqual([0, -20000]);
});
