import { backward, ones, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { avgPool2d, maxPool1d, maxPool2d } from "../../src/index.ts";

describe("max pools", () => {
  test("NaN is the largest, and the first one of a window gets the gradient", () => {
    const x = variable(tensor([[[1], [Number.NaN], [Number.NaN], [Number.POSITIVE_INFINITY]]]));
    const y = maxPool1d(x, { kernel: 4 });
    expect(y.item()).toBeNaN();
    expect(backward(y).of(x).toArray()).toEqual([[[0], [1], [0], [0]]]);
  });

  test("padding is never the largest, also beside −∞", () => {
    const x = tensor([[[Number.NEGATIVE_INFINITY], [-5]]]);
    expect(maxPool1d(x, { kernel: 2, stride: 1, padding: 1 }).toArray()).toEqual([
      [[Number.NEGATIVE_INFINITY], [-5], [-5]],
    ]);
  });

  test("0 and -0 are equal: the first one is the result", () => {
    const y = maxPool1d(tensor([[[-0], [0], [0], [-0]]]), { kernel: 2 });
    expect([...y.data]).toEqual([-0, 0]);
  });

  test("the gradients of a pixel that several windows chose are added", () => {
    const x = variable(
      tensor([
        [
          [[1], [2]],
          [[3], [9]],
          [[4], [5]],
        ],
      ]),
    );
    const y = maxPool2d(x, { kernel: [2, 1], stride: 1 });
    expect(y.toArray()).toEqual([
      [
        [[3], [9]],
        [[4], [9]],
      ],
    ]);
    const gradient = backward(y, { cotangent: ones(y.shape) }).of(x);
    expect(gradient.toArray()).toEqual([
      [
        [[0], [0]],
        [[1], [2]],
        [[1], [0]],
      ],
    ]);
  });
});

test("without countIncludePad an average is over the pixels inside the image", () => {
  const x = tensor([
    [
      [[4], [8]],
      [[12], [16]],
    ],
  ]);
  const params = { kernel: 3, stride: 1, padding: 1 };
  // Each window holds the whole image: 40/9, and 40/4 inside.
  expect([...avgPool2d(x, params).data]).toEqual([40 / 9, 40 / 9, 40 / 9, 40 / 9]);
  expect([...avgPool2d(x, { ...params, countIncludePad: false }).data]).toEqual([10, 10, 10, 10]);
});
