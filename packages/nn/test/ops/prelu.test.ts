import { backward, ones, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { prelu } from "../../src/index.ts";

describe("prelu", () => {
  test("multiplies numbers ≤ 0 by the slope of their channel", () => {
    const x = tensor([
      [
        [-1, -3],
        [2, 4],
      ],
      [
        [5, -7],
        [-6, -0],
      ],
    ]);
    expect(prelu(x, tensor([0.5, 2])).toArray()).toEqual([
      [
        [-0.5, -6],
        [2, 4],
      ],
      [
        [5, -14],
        [-3, -0],
      ],
    ]);
    expect(prelu(x, tensor([0.5])).toArray()).toEqual([
      [
        [-0.5, -1.5],
        [2, 4],
      ],
      [
        [5, -3.5],
        [-3, -0],
      ],
    ]);
  });

  test("has the left slope at 0, of either sign", () => {
    const x = variable(tensor([0, -0, 1]));
    const gradients = backward(prelu(x, tensor([0.25])), { cotangent: ones([3]) });
    expect(gradients.of(x).toArray()).toEqual([0.25, 0.25, 1]);
  });

  test("gives each slope the sum over the numbers ≤ 0 of its channel", () => {
    const x = tensor([
      [-1, 2],
      [-3, -4],
    ]);
    const slope = variable(tensor([0.5, 2]));
    const g = tensor([
      [1, 10],
      [100, 1000],
    ]);
    expect(backward(prelu(x, slope), { cotangent: g }).of(slope).toArray()).toEqual([-301, -4000]);
    const shared = variable(tensor([0.5]));
    expect(backward(prelu(x, shared), { cotangent: g }).of(shared).toArray()).toEqual([-4301]);
  });

  test("an infinite positive unit does not change the gradient of the slope", () => {
    const slope = variable(tensor([0.5]));
    const x = variable(tensor([Number.POSITIVE_INFINITY, -2]));
    const y = prelu(x, slope);
    expect(y.toArray()).toEqual([Number.POSITIVE_INFINITY, -1]);
    const gradients = backward(y, { cotangent: tensor([Number.POSITIVE_INFINITY, 1]) });
    expect(gradients.of(slope).toArray()).toEqual([-2]);
  });

  test("passes NaN on", () => {
    expect(prelu(tensor([Number.NaN]), tensor([0.5])).item()).toBeNaN();
  });
});
