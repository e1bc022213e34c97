import { describe, expect, test } from "vitest";
import { backward, concat, split, stack, tensor, variable } from "../../src/index.ts";

describe("concat and stack", () => {
  test("concat joins along an existing axis, stack along a new one", () => {
    const [a, b] = [tensor([[1, 2]]), tensor([[3, 4]])];
    expect(concat([a, b]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(concat([a, b], { axis: -1 }).toArray()).toEqual([[1, 2, 3, 4]]);
    expect(stack([a, b]).toArray()).toEqual([[[1, 2]], [[3, 4]]]);
    expect(stack([a, b], { axis: 1 }).toArray()).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(stack([a, b], { axis: -1 }).toArray()).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    expect(stack([1, 2, 3]).toArray()).toEqual([1, 2, 3]);
  });

  test("each input gets its part of the gradient, an input used twice gets both parts", () => {
    const [a, b] = [variable(tensor([1, 2])), variable(tensor([3, 4]))];
    const gradients = backward(stack([a, b, a], { axis: 1 }), {
      cotangent: tensor([
        [1, 2, 30],
        [4, 5, 60],
      ]),
    });
    expect(gradients.of(a).toArray()).toEqual([31, 64]);
    expect(gradients.of(b).toArray()).toEqual([2, 5]);
    const joined = backward(concat([a, b, a]), { cotangent: tensor([1, 2, 3, 4, 50, 60]) });
    expect(joined.of(a).toArray()).toEqual([51, 62]);
  });
});

describe("split", () => {
  const parts = (sizes: number | number[], axis = 0) =>
    split(
      tensor([
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
      ]),
      { sizes, axis },
    ).map((part) => part.toArray());

  test("cuts into parts of one size, the last of which may be smaller", () => {
    expect(parts(2, 1)).toEqual([
      [
        [1, 2],
        [6, 7],
      ],
      [
        [3, 4],
        [8, 9],
      ],
      [[5], [10]],
    ]);
    expect(parts(9)).toEqual([
      [
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
      ],
    ]);
  });

  test("cuts into parts of given sizes, which may be 0", () => {
    expect(parts([0, 4, 1], -1)).toEqual([
      [[], []],
      [
        [1, 2, 3, 4],
        [6, 7, 8, 9],
      ],
      [[5], [10]],
    ]);
  });

  test("an axis of size 0 is one empty part", () => {
    expect(split(tensor([], [0, 2]), { sizes: 3 }).map(({ shape }) => shape)).toEqual([[0, 2]]);
  });

  test("is a method, and concat is its inverse", () => {
    const x = tensor([1, 2, 3, 4, 5]);
    expect(concat(x.split({ sizes: [2, 3] })).toArray()).toEqual(x.toArray());
  });

  test("a part has the gradient of its own elements only", () => {
    const x = variable(tensor([1, 2, 3]));
    const [, last] = split(x, { sizes: 2 });
    expect(backward(last.square().sum()).of(x).toArray()).toEqual([0, 0, 6]);
  });
});
