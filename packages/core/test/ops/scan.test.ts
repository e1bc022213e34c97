import { describe, expect, test } from "vitest";
import { backward, cumsum, prod, type Tensor, tensor, variable } from "../../src/index.ts";

const gradientOf = (f: (x: Tensor) => Tensor, values: number[]): unknown => {
  const x = variable(tensor(values));
  return backward(f(x)).of(x).toArray();
};

describe("the running sum", () => {
  test("adds along its axis alone", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(cumsum(x, { axis: 1 }).toArray()).toEqual([
      [1, 3, 6],
      [4, 9, 15],
    ]);
    expect(cumsum(x, { axis: 0 }).toArray()).toEqual([
      [1, 2, 3],
      [5, 7, 9],
    ]);
  });

  test("adds in increasing order", () => {
    expect(cumsum(tensor([1e16, 1, -1e16, 1]), { axis: 0 }).toArray()).toEqual([1e16, 1e16, 0, 1]);
  });

  test("is NaN from the first NaN on", () => {
    expect(cumsum(tensor([1, Number.NaN, 2]), { axis: 0 }).toArray()).toEqual([1, NaN, NaN]);
  });

  test("counts each element in all later sums", () => {
    const x = variable(tensor([7, 8, 9]));
    const cotangent = tensor([1, 10, 100]);
    expect(
      backward(cumsum(x, { axis: 0 }), { cotangent })
        .of(x)
        .toArray(),
    ).toEqual([111, 110, 100]);
  });
});

describe("the product", () => {
  test("of no elements is 1, of NaN NaN", () => {
    expect(prod(tensor([])).item()).toBe(1);
    expect(prod(tensor([], [2, 0]), { axes: 1 }).toArray()).toEqual([1, 1]);
    expect(prod(tensor([0, Number.NaN])).item()).toBeNaN();
  });

  test("multiplies from the first to the last factor", () => {
    expect(prod(tensor([1e200, 1e200, 1e-200])).item()).toBe(Infinity);
    expect(prod(tensor([1e200, 1e-200, 1e200])).item()).toBe(1e200);
  });

  test("over axes that are not adjacent", () => {
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(prod(x, { axes: [0, 2] }).toArray()).toEqual([60, 672]);
  });

  test("gives each factor the product of the others as gradient, for any number of zeros", () => {
    expect(gradientOf(prod, [2, 3, 4])).toEqual([12, 8, 6]);
    expect(gradientOf(prod, [2, 0, 4])).toEqual([0, 8, 0]);
    expect(gradientOf(prod, [2, 0, 0])).toEqual([0, 0, 0]);
    expect(gradientOf(prod, [0])).toEqual([1]);
    expect(gradientOf(prod, [1, 2, 3, 4, 5, 6, 7])).toEqual([5040, 2520, 1680, 1260, 1008, 840, 720]);
  });

  test("has the right second derivative at two zeros", () => {
    // d²(x₀x₁x₂)/dx₁dx₂ = x₀: the gradient of x₁'s gradient x₀x₂ at [5, 0, 0] is [0, 0, 5].
    const x = variable(tensor([5, 0, 0]));
    const first = backward(prod(x), { differentiable: true }).of(x);
    expect(first.toArray()).toEqual([0, 0, 0]);
    const second = backward(first, { cotangent: tensor([0, 1, 0]) }).of(x);
    expect(second.toArray()).toEqual([0, 0, 5]);
  });
});
