import { ArgumentError, createRng, ones, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { LayerNorm } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

describe("LayerNorm", () => {
  test("normalises each sample by itself", () => {
    // Mean 2 and 20, variance ((−1)² + 1²)/2 = 1 and 100.
    const x = tensor([
      [1, 3],
      [10, 30],
    ]);
    const [first, second] = [1 / Math.sqrt(1 + 1e-5), 10 / Math.sqrt(100 + 1e-5)];
    expectAllClose(new LayerNorm(2).forward(x), [-first, first, -second, second]);
    const layer = new LayerNorm(2, { epsilon: 0 });
    layer.scale.assign([2, 3]);
    layer.shift.assign([10, 20]);
    expectAllClose(layer.forward(x), [8, 23, 8, 23]);
  });

  test("normalises over several axes", () => {
    const x = createRng("x").normal([2, 3, 4]);
    const flat = new LayerNorm(12).forward(x.reshape({ shape: [2, 12] }));
    expectAllClose(new LayerNorm([3, 4]).forward(x), [...flat.data], 1e-14);
  });

  test("passes the gradient checks for input, scale and shift", () => {
    checkLayer(new LayerNorm(4), [awayFromKinks([3, 4])]);
    checkLayer(new LayerNorm([2, 3]), [awayFromKinks([2, 2, 3])], true);
  });

  test("refuses other shapes and bad arguments, and has its options in its text", () => {
    expect(() => new LayerNorm(3).forward(ones([2, 4]))).toThrow(
      "LayerNorm(3): expects an input [..., 3], got [2,4]",
    );
    expect(() => new LayerNorm([2, 3]).forward(ones([3]))).toThrow(
      "LayerNorm([2,3]): expects an input [..., 2, 3], got [3]",
    );
    for (const size of [0, -1, 1.5, Number.NaN, [], [2, 0]]) {
      expect(() => new LayerNorm(size), String(size)).toThrow(ShapeError);
    }
    expect(() => new LayerNorm([])).toThrow("LayerNorm: needs sizes ≥ 1 to normalise over, got []");
    for (const epsilon of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new LayerNorm(3, { epsilon })).toThrow(ArgumentError);
    }
    expect(String(new LayerNorm(3, { epsilon: 0.1 }))).toBe("LayerNorm(3, epsilon=0.1)");
  });
});
