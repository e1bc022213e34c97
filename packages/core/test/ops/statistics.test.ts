import { describe, expect, test } from "vitest";
import { backward, std, tensor, variable, variance } from "../../src/index.ts";

describe("the variance", () => {
  test("divides by count − correction, 1 by default", () => {
    const x = tensor([2, 4, 4, 4, 5, 5, 7, 9]); // mean 5, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32
    expect(variance(x).item()).toBe(32 / 7);
    expect(variance(x, { correction: 0 }).item()).toBe(4);
    expect(std(x, { correction: 0 }).item()).toBe(2);
    expect(variance(x, { correction: 4 }).item()).toBe(8);
  });

  test("over several axes that are not adjacent", () => {
    const x = tensor([
      [
        [1, 3],
        [0, 0],
      ],
      [
        [5, 7],
        [0, 4],
      ],
    ]);
    expect(variance(x, { axes: [0, 2], correction: 0 }).toArray()).toEqual([5, 3]);
    expect(variance(x, { axes: [0, 2], correction: 0, keepDims: true }).shape).toEqual([1, 2, 1]);
  });

  test("is accurate far from 0", () => {
    expect(variance(tensor([1e9, 1e9 + 1, 1e9 + 2])).item()).toBe(1);
    expect(std(tensor([1e15 + 1, 1e15 + 3]), { correction: 0 }).item()).toBe(1);
  });

  test("is NaN if count − correction is not positive", () => {
    expect(variance(tensor([5])).item()).toBeNaN();
    expect(variance(tensor([])).item()).toBeNaN();
    expect(std(tensor([], [2, 0]), { axes: 1, correction: 0 }).toArray()).toEqual([NaN, NaN]);
    expect(variance(tensor([1, 2]), { correction: 2 }).item()).toBeNaN();
    expect(variance(tensor([1, 2]), { correction: 3 }).item()).toBeNaN();
  });

  test("of NaN or an infinity is NaN", () => {
    expect(variance(tensor([1, Number.NaN])).item()).toBeNaN();
    expect(std(tensor([1, Infinity, 2])).item()).toBeNaN();
  });

  test("has the gradient 2·(x − mean)/(count − correction)", () => {
    const x = variable(tensor([1, 2, 6]));
    expect(backward(variance(x)).of(x).toArray()).toEqual([-2, -1, 3]);
  });
});

describe("the standard deviation of equal elements", () => {
  test("is exactly 0 for any element", () => {
    for (const value of [2, 0.1, 1 / 3, 1e300]) expect(std(tensor([value, value, value])).item()).toBe(0);
  });

  test("has the gradient 0 and does not change other rows", () => {
    const x = variable(
      tensor([
        [0.1, 0.1, 0.1],
        [1, 1, 4],
      ]),
    );
    const gradient = backward(std(x, { axes: 1, correction: 0 }).sum()).of(x);
    expect(gradient.data.slice(0, 3)).toEqual(Float64Array.of(0, 0, 0));
    // (x − mean)/(3·out) = [−1, −1, 2]/(3·√2)
    expect(gradient.data[5]).toBeCloseTo(Math.SQRT2 / 3, 14);
    expect(gradient.data[4]).toBeCloseTo(-Math.SQRT2 / 6, 14);
  });
});

describe("H3: squares that overflow or underflow", () => {
  const scales = [1e154, 1e200, 1e307, 1e-154, 1e-200, 1e-300];

  test("leave the standard deviation and its gradient right", () => {
    for (const scale of scales) {
      const x = variable(tensor([scale, -scale, 0]));
      const out = std(x);
      expect(out.item() / scale).toBeCloseTo(1, 15);
      // (x − mean)/(2·out)
      expect(backward(out).of(x).toArray()).toEqual([0.5, -0.5, 0].map((g) => expect.closeTo(g, 14)));
    }
  });

  test("leave other rows as they are, to the last bit", () => {
    const row = [0.1, -2.7, 3.25];
    const alone = std(tensor([row]), { axes: 1 }).item();
    const rows = std(tensor([row, [1e200, -1e200, 0], [1e-200, 0, 0]]), { axes: 1 });
    expect(rows.data[0]).toBe(alone);
  });

  test("leave a variance right that fits a double, though the sum of its squares does not", () => {
    const x = tensor(Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1e153 : -1e153)));
    expect(variance(x, { correction: 0 }).item() / 1e306).toBeCloseTo(1, 13);
    expect(variance(tensor([1e200, -1e200])).item()).toBe(Infinity);
  });

  test("H3: differences that overflow leave the standard deviation and its gradient right", () => {
    const x = variable(tensor([1e308, -1e308, 1e308]));
    // Of [1, −1, 1]: the mean is 1/3, the deviation 2·√2/3.
    const out = std(x, { correction: 0 });
    expect(out.item() / 1e308).toBeCloseTo((2 * Math.SQRT2) / 3, 14);
    // (x − mean)/(3·out)
    const slope = Math.SQRT2 / 6;
    expect(backward(out).of(x).toArray()).toEqual(
      [slope, -2 * slope, slope].map((g) => expect.closeTo(g, 14)),
    );
  });

  test("of infinities and NaN are still NaN", () => {
    expect(std(tensor([Infinity, 1, 2])).item()).toBeNaN();
    expect(std(tensor([1e200, Number.NaN])).item()).toBeNaN();
    expect(std(tensor([1e200])).item()).toBeNaN();
  });
});
