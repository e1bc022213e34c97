import { createRng, matmul, type Rng, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { orthogonal } from "../src/index.ts";
import { moments } from "./support.ts";

/** The largest deviation of x from factor·I. */
function deviation(x: Tensor, factor = 1): number {
  const n = x.shape[0];
  return Math.max(...Array.from(x.data, (value, i) => Math.abs(value - (i % (n + 1) === 0 ? factor : 0))));
}

describe("orthogonal", () => {
  test.each([[[1, 1]], [[5, 5]], [[100, 100]], [[90, 40]], [[64, 1]], [[2, 3, 4]]])(
    "has orthonormal columns for %j, to 1e-12",
    (shape) => {
      const w = orthogonal()(shape, createRng("w"));
      expect(w.shape).toEqual(shape);
      const flat = w.reshape({ shape: [-1, shape[shape.length - 1]] });
      expect(deviation(matmul(flat, flat, { transposeX: true }))).toBeLessThan(1e-12);
    },
  );

  test.each([[[40, 90]], [[1, 64]], [[2, 2, 9]]])("has orthonormal rows for %j, to 1e-12", (shape) => {
    const flat = orthogonal()(shape, createRng("w")).reshape({ shape: [-1, shape[shape.length - 1]] });
    expect(deviation(matmul(flat, flat, { transposeY: true }))).toBeLessThan(1e-12);
  });

  test("is multiplied by the gain", () => {
    const w = orthogonal({ gain: 2.5 })([30, 30], createRng("w"));
    expect(deviation(matmul(w, w, { transposeX: true }), 6.25)).toBeLessThan(1e-11);
  });

  test("has no preferred direction: every entry has mean 0 and both signs of the determinant occur", () => {
    const rng = createRng("many");
    const draws = Array.from({ length: 2000 }, () => orthogonal()([2, 2], rng).data);
    for (let entry = 0; entry < 4; entry++) {
      const total = draws.reduce((sum, w) => sum + w[entry], 0);
      expect(Math.abs(total / 2000)).toBeLessThan(5 * Math.sqrt(0.5 / 2000));
    }
    const rotations = draws.filter((w) => w[0] * w[3] - w[1] * w[2] > 0).length;
    expect(Math.abs(rotations - 1000)).toBeLessThan(5 * Math.sqrt(500));
  });

  test("repeats with the seed and has the variance 1/n of a square one", () => {
    const w = orthogonal()([50, 50], createRng(0));
    expect(orthogonal()([50, 50], createRng(0)).data).toEqual(w.data);
    expect(moments(w).variance).toBeCloseTo(1 / 50, 3);
  });

  test("refuses shapes without fans, and a missing stream; size 0 is empty", () => {
    expect(() => orthogonal()([5], createRng(0))).toThrow("orthogonal([5]): fans need a shape [in, out]");
    expect(() => orthogonal()([2, 2], undefined as unknown as Rng)).toThrow(
      "orthogonal: rng must be a random stream",
    );
    expect(orthogonal()([0, 3], createRng(0)).shape).toEqual([0, 3]);
  });
});
