import { describe, expect, test } from "vitest";
import { backward, norm, tensor, variable } from "../../src/index.ts";

const gradientOf = (values: number[], order: number): unknown => {
  const x = variable(tensor(values));
  return backward(norm(x, { order })).of(x).toArray();
};

describe("the norm", () => {
  test("of each order", () => {
    const x = tensor([3, 0, -4]);
    expect(norm(x).item()).toBe(5);
    expect(norm(x, { order: 1 }).item()).toBe(7);
    expect(norm(x, { order: Infinity }).item()).toBe(4);
    expect(norm(x, { order: -Infinity }).item()).toBe(0);
    expect(norm(x, { order: 3 }).item()).toBeCloseTo(91 ** (1 / 3), 14);
    expect(norm(tensor([1, -4]), { order: 0.5 }).item()).toBeCloseTo(9, 13);
  });

  test("of order 2 is the same to the last bit as the plain root of squares", () => {
    const values = [0.1, -2.7, 3.25, 1e-3, 42];
    const squares = values.reduce((total, value) => total + value * value, 0);
    expect(norm(tensor(values)).item()).toBe(Math.sqrt(squares));
  });

  test("neither overflows nor underflows if its square does", () => {
    for (const scale of [2 ** 700, 2 ** -700, 2 ** -1074]) {
      expect(norm(tensor([3 * scale, -4 * scale])).item()).toBe(5 * scale);
    }
    expect(norm(tensor([1e200, 1e200]), { order: 3 }).item()).toBeCloseTo(1e200 * 2 ** (1 / 3), -186);
    expect(gradientOf([3 * 2 ** 700, -4 * 2 ** 700], 2)).toEqual([0.6, -0.8]);
  });

  test("over axes that are not adjacent", () => {
    const x = tensor([
      [
        [1, 2],
        [0, 0],
      ],
      [
        [2, 4],
        [0, -3],
      ],
    ]);
    expect(norm(x, { axes: [0, 2] }).toArray()).toEqual([5, 3]);
  });

  test("of no elements is 0, of an infinity Infinity, of NaN NaN", () => {
    expect(norm(tensor([], [2, 0]), { axes: 1 }).toArray()).toEqual([0, 0]);
    for (const order of [1, 2, 3, Infinity]) {
      expect(norm(tensor([1, -Infinity]), { order }).item()).toBe(Infinity);
      expect(norm(tensor([Infinity, Number.NaN]), { order }).item()).toBeNaN();
    }
    expect(norm(tensor([Number.NaN, 1]), { order: -Infinity }).item()).toBeNaN();
  });
});

describe("the gradient of the norm", () => {
  test("is 0 at the origin for every order", () => {
    for (const order of [0.5, 1, 1.5, 2, 3, Infinity, -Infinity])
      expect(gradientOf([0, 0], order)).toEqual([0, 0]);
  });

  test("is 0 at the origin to the second order too", () => {
    const x = variable(tensor([0, 0]));
    const first = backward(norm(x), { differentiable: true }).of(x);
    expect(backward(first.sum()).of(x).toArray()).toEqual([0, 0]);
  });

  test("is x/out for order 2 and the sign for order 1", () => {
    expect(gradientOf([3, 0, -4], 2)).toEqual([0.6, 0, -0.8]);
    expect(gradientOf([3, 0, -4], 1)).toEqual([1, 0, -1]);
  });

  test("is shared equally by equal extreme magnitudes for order ±Infinity", () => {
    expect(gradientOf([2, -2, 1], Infinity)).toEqual([0.5, -0.5, 0]);
    expect(gradientOf([2, -1, 1, 5], -Infinity)).toEqual([0, -0.5, 0.5, 0]);
  });

  test("is 0 for an element that is 0, also if the power of 0 is infinite", () => {
    // order ½: (√out·…) gives sign(x)·(|x|/out)^(−½) = (1/9)^(−½) = 3 and (4/9)^(−½) = 1.5
    const [a, b, c] = gradientOf([1, 0, -4], 0.5) as number[];
    expect([a, b, c].map((value) => Number(value.toFixed(12)))).toEqual([3, 0, -1.5]);
  });
});

test("orders without a norm are refused", () => {
  expect(() => norm(tensor([1]), { order: -1 })).toThrow("norm([1]): order must be > 0 or -Infinity, got -1");
  expect(() => norm(tensor([]), { order: Infinity })).toThrow("axis 0 has size 0");
});
