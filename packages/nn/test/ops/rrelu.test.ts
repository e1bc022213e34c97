import { backward, createRng, ones, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { rrelu } from "../../src/index.ts";
import { expectMoments } from "../support.ts";

describe("rrelu", () => {
  test("multiplies numbers ≤ 0 by slopes uniform in [1/8, 1/3], one drawn for each element", () => {
    const x = ones([100000]).neg();
    const slopes = rrelu(x, { rng: createRng(0) }).neg();
    expectMoments(slopes, (1 / 8 + 1 / 3) / 2, (1 / 3 - 1 / 8) ** 2 / 12);
    expect(slopes.data.every((slope) => slope >= 1 / 8 && slope < 1 / 3)).toBe(true);
  });

  test("does not change positive numbers", () => {
    const x = ones([100]).mul(3);
    expect(rrelu(x, { rng: createRng(0) }).data).toEqual(x.data);
  });

  test("has the slope it drew as its gradient, and a slope below 1 at 0", () => {
    const x = variable(createRng("x").normal([100]));
    const y = rrelu(x, { rng: createRng(0) });
    const gradient = backward(y, { cotangent: ones([100]) }).of(x);
    gradient.data.forEach((g, i) => {
      expect(g).toBeCloseTo(y.data[i] / x.data[i], 14);
    });
    const zero = variable(ones([5]).mul(0));
    const atZero = backward(rrelu(zero, { rng: createRng(0) }), { cotangent: ones([5]) }).of(zero);
    expect(Math.max(...atZero.data)).toBeLessThan(1 / 3);
  });
});
