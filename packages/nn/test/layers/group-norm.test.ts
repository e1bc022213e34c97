import { ArgumentError, layerNorm, ones, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { GroupNorm } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

describe("GroupNorm", () => {
  test("normalises each group of each sample over its channels and positions", () => {
    const layer = new GroupNorm(2, 4, { epsilon: 0 });
    // Two positions. Group 0: 1, 3, 5, 7 (mean 4, variance 5); group 1: 0, 0, 2, 2 (mean 1, variance 1).
    const x = tensor([[[1, 3, 0, 0], [5, 7, 2, 2]]]); // biome-ignore format: one line
    const s = Math.sqrt(5);
    expectAllClose(layer.forward(x), [-3 / s, -1 / s, -1, -1, 1 / s, 3 / s, 1, 1]);
    layer.scale.assign([1, 2, 1, 1]);
    layer.shift.assign([0, 0, 10, 0]);
    expectAllClose(layer.forward(x), [-3 / s, -2 / s, 9, -1, 1 / s, 6 / s, 11, 1]);
  });

  test("with one group is layer normalization of the whole sample", () => {
    const x = awayFromKinks([2, 3, 4, 2]);
    const whole = layerNorm(x, ones([3, 4, 2]), zeros([3, 4, 2]));
    expectAllClose(new GroupNorm(1, 2).forward(x), [...whole.data], 1e-13);
  });

  test("passes the gradient checks for input, scale and shift", () => {
    checkLayer(new GroupNorm(2, 4), [awayFromKinks([2, 2, 2, 4])]);
    checkLayer(new GroupNorm(3, 3), [awayFromKinks([2, 2, 3])], true);
  });

  test("refuses groups that do not divide and other channels, and has its options in its text", () => {
    for (const make of [() => new GroupNorm(3, 4), () => new GroupNorm(0, 4), () => new GroupNorm(1, 1.5)]) {
      expect(make).toThrow(ArgumentError);
    }
    expect(() => new GroupNorm(3, 4)).toThrow(
      "GroupNorm: groups must divide the number of channels, got 3 and 4",
    );
    expect(() => new GroupNorm(1, 3).forward(ones([2, 3, 8, 8]))).toThrow(
      "GroupNorm(1, 3): expects an input [N, ..., 3], got [2,3,8,8]; channels are the last axis here",
    );
    expect(String(new GroupNorm(2, 4, { epsilon: 0.1 }))).toBe("GroupNorm(2, 4, epsilon=0.1)");
  });
});
