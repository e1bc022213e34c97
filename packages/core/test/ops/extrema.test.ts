import { describe, expect, test } from "vitest";
import {
  amax,
  amin,
  argmax,
  argmin,
  backward,
  max,
  min,
  type Tensor,
  tensor,
  variable,
} from "../../src/index.ts";

const gradientOf = (f: (x: Tensor) => Tensor, values: number[] | number[][]): unknown => {
  const x = variable(tensor(values));
  return backward(f(x).sum()).of(x).toArray();
};

describe("ties", () => {
  test("share the gradient of amax and amin equally", () => {
    expect(gradientOf(amax, [3, 1, 3, 3])).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
    expect(gradientOf(amin, [3, 1, 1, 3])).toEqual([0, 0.5, 0.5, 0]);
    expect(
      gradientOf(
        (x) => amax(x, { axes: 1 }),
        [
          [1, 1],
          [2, 3],
        ],
      ),
    ).toEqual([
      [0.5, 0.5],
      [0, 1],
    ]);
    expect(gradientOf((x) => amax(x, { axes: [] }), [4, 4])).toEqual([1, 1]);
  });

  test("give the whole gradient of max and min with an axis to the first", () => {
    expect(gradientOf((x) => max(x, { axis: 0 }), [1, 3, 3])).toEqual([0, 1, 0]);
    expect(
      gradientOf(
        (x) => min(x, { axis: -1 }),
        [
          [2, 1, 1],
          [0, 0, 5],
        ],
      ),
    ).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  test("share the gradient of max and min without an axis", () => {
    expect(gradientOf(max, [1, 3, 3])).toEqual([0, 0.5, 0.5]);
    expect(
      gradientOf(min, [
        [1, 3],
        [1, 3],
      ]),
    ).toEqual([
      [0.5, 0],
      [0.5, 0],
    ]);
  });

  test("have the first index", () => {
    expect(argmax(tensor([1, 7, 7])).item()).toBe(1);
    expect(
      argmin(
        tensor([
          [3, 1],
          [1, 3],
        ]),
      ).item(),
    ).toBe(1);
  });
});

describe("the index of the extreme", () => {
  test("counts along the axis, or row-major through the whole tensor", () => {
    const x = tensor([
      [
        [1, 8],
        [9, 2],
      ],
      [
        [7, 3],
        [4, 6],
      ],
    ]);
    expect(argmax(x, { axis: 0 }).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(argmax(x, { axis: 1, keepDims: true }).toArray()).toEqual([[[1, 0]], [[0, 1]]]);
    expect(argmin(x, { axis: -1 }).toArray()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(argmax(x).item()).toBe(2);
    expect(argmax(x, { keepDims: true }).shape).toEqual([1, 1, 1]);
  });

  test("is that of the first NaN if there is one", () => {
    expect(argmax(tensor([1, Number.NaN, 9, Number.NaN])).item()).toBe(1);
    expect(argmin(tensor([Number.NaN, -9])).item()).toBe(0);
  });

  test("takes no gradient", () => {
    expect(argmax(variable(tensor([1, 2]))).tracked).toBe(false);
  });
});

describe("NaN and infinities", () => {
  test("NaN is the extreme of any numbers", () => {
    for (const f of [amax, amin, max, min]) expect(f(tensor([Infinity, Number.NaN, 1])).item()).toBeNaN();
    expect(
      max(
        tensor([
          [1, Number.NaN],
          [2, 3],
        ]),
        { axis: 1 },
      ).toArray(),
    ).toEqual([NaN, 3]);
  });

  test("an infinity is an ordinary extreme", () => {
    expect(amax(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity);
    expect(amin(tensor([Infinity, Infinity])).item()).toBe(Infinity);
  });
});

describe("an axis of size 0", () => {
  test("is refused by name, even if the result would be empty", () => {
    expect(() => amax(tensor([], [0, 0]), { axes: 1 })).toThrow("amax([0,0]): axis 1 has size 0");
    expect(() => argmin(tensor([], [2, 0]), { axis: -1 })).toThrow("argmin([2,0]): axis 1 has size 0");
    expect(() => max(tensor([], [2, 0]), { axis: 1 })).toThrow("max([2,0]): axis 1 has size 0");
  });

  test("is allowed if it is not reduced", () => {
    expect(amax(tensor([], [2, 0]), { axes: 0 }).shape).toEqual([0]);
    expect(argmax(tensor([], [2, 0]), { axis: 0 }).shape).toEqual([0]);
  });
});
