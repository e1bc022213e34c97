import { ArgumentError, ones, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  AvgPool1d,
  AvgPool2d,
  avgPool2d,
  GlobalAveragePool,
  MaxPool1d,
  MaxPool2d,
  maxPool2d,
  Upsample,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

const x = awayFromKinks([2, 5, 6, 2]);

describe("pool layers", () => {
  test("apply their ops with their options", () => {
    const options = { stride: 2, padding: 1 } as const;
    expect(new MaxPool2d(3, options).forward(x).data).toEqual(maxPool2d(x, { kernel: 3, ...options }).data);
    const inside = { ...options, countIncludePad: false };
    expect(new AvgPool2d([3, 2], inside).forward(x).data).toEqual(
      avgPool2d(x, { kernel: [3, 2], ...inside }).data,
    );
    const series = tensor([[[1], [3], [2], [0]]]);
    expect(new MaxPool1d(2).forward(series).toArray()).toEqual([[[3], [2]]]);
    expect(new AvgPool1d(2, { stride: 1 }).forward(series).toArray()).toEqual([[[2], [2.5], [1]]]);
  });

  test("step by the size of their kernel", () => {
    expect(new MaxPool2d(2).forward(ones([3, 28, 28, 8])).shape).toEqual([3, 14, 14, 8]);
    expect(new AvgPool2d([2, 3]).forward(ones([3, 28, 27, 8])).shape).toEqual([3, 14, 9, 8]);
  });

  test.each([
    new MaxPool2d(2),
    new AvgPool2d(3, { stride: 2, padding: "same" }),
    new GlobalAveragePool(),
    new Upsample([1, 2]),
  ])("%s passes the gradient checks", (layer) => {
    checkLayer(layer, [awayFromKinks([2, 4, 3, 2])]);
  });

  test("have their options in their text", () => {
    expect(String(new MaxPool2d(2))).toBe("MaxPool2d(2)");
    expect(String(new MaxPool1d(3, { stride: 2, padding: "same" }))).toBe(
      'MaxPool1d(3, stride=2, padding="same")',
    );
    expect(String(new AvgPool2d([2, 3], { countIncludePad: false }))).toBe(
      "AvgPool2d([2, 3], countIncludePad=false)",
    );
    expect(String(new Upsample([1, 2]))).toBe("Upsample([1, 2])");
    expect(String(new GlobalAveragePool())).toBe("GlobalAveragePool()");
  });

  test("refuse bad sizes and inputs", () => {
    const refused: readonly (readonly [() => unknown, string])[] = [
      [() => new MaxPool2d(0), "MaxPool2d: the size of the kernel must be a whole number ≥ 1 or a pair"],
      [() => new MaxPool1d([2, 2] as never), "MaxPool1d: the size of the kernel must be a whole number ≥ 1"],
      [() => new AvgPool2d(2, { stride: 0 }), "AvgPool2d: stride must be a whole number ≥ 1 or a pair"],
      [() => new AvgPool1d(2, { padding: -1 }), "AvgPool1d: padding must be a whole number ≥ 0"],
      [() => new Upsample(1.5), "Upsample: factor must be a whole number ≥ 1 or a pair"],
      [
        () => new MaxPool2d(2, { padding: 2 }),
        "MaxPool2d: padding must be at most half the kernel, got 2 and 2",
      ],
    ];
    for (const [make, message] of refused) {
      expect(make).toThrow(ArgumentError);
      expect(make).toThrow(message);
    }
    expect(() => new MaxPool2d(2).forward(ones([2, 1, 28, 28]))).toThrow(ShapeError);
    expect(() => new MaxPool2d(2).forward(ones([2, 1, 28, 28]))).toThrow(
      "maxPool2d([2,1,28,28]): the kernel spans 2 along the height, the padded image 1; channels are " +
        "the last axis here: permute(x, { axes: [0, 2, 3, 1] })",
    );
    expect(() => new GlobalAveragePool().forward(ones([2, 3]))).toThrow(
      "GlobalAveragePool(): expects an input [N, height, width, c] or [N, time, c], got [2,3]",
    );
  });
});

test("a global average is one number for each channel, of images and of sequences", () => {
  expect(new GlobalAveragePool().forward(tensor([[[[1, 10], [3, 20]]]])).toArray()).toEqual([[2, 15]]); // biome-ignore format: one line
  expect(new GlobalAveragePool().forward(tensor([[[1, 10], [3, 20]]])).toArray()).toEqual([[2, 15]]); // biome-ignore format: one line
});
