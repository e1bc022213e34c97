import { describe, expect, test } from "vitest";
import { backward, tensor, variable, weightedMean } from "../../src/index.ts";
import { describeOps } from "../../src/testing/index.ts";

describeOps(
  { weightedMean },
  {
    weightedMean: {
      samples: [[3], [2, 3], [1], [2, 2, 2], []].map((shape) => ({
        inputs: [{ shape }, { shape, low: 0.5, high: 2 }],
      })),
      errors: [{ inputs: [{ shape: [2] }, { shape: [2, 1] }], message: /reshape one of them/ }],
    },
  },
  { describe, test },
);

describe("the weighted mean", () => {
  test("is Σ w·loss / Σ w", () => {
    expect(weightedMean(tensor([1, 2, 4]), tensor([1, 0, 3])).item()).toBe(13 / 4);
  });

  test("K2: leaves out losses of weight 0, also infinite ones, in values and gradients", () => {
    const losses = variable(tensor([Infinity, Number.NaN, 3]));
    const out = weightedMean(losses, tensor([0, 0, 2]));
    expect(out.item()).toBe(3);
    expect(backward(out).of(losses).toArray()).toEqual([0, 0, 1]);
  });

  test("of weights that are all 0 is NaN", () => {
    expect(weightedMean(tensor([1]), tensor([0])).item()).toBeNaN();
  });
});

test("K13: a negative weight, by which a larger loss would be a better one, is refused; weights of 0 stay NaN", () => {
  const losses = tensor([1, 2]);
  expect(() => weightedMean(losses, tensor([1, -1]))).toThrow(
    "weightedMean([2], [2]): the weights of weightedMean must be ≥ 0, got -1 at [1]",
  );
  expect(weightedMean(losses, tensor([0, 0])).item()).toBeNaN();
});
