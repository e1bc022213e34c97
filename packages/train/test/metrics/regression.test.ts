import { describe, expect, test } from "vitest";
import { mae, maxError, r2, rmse } from "../../src/index.ts";
import { golden, measured } from "./golden.ts";

const metrics = { mae, rmse, maxError, r2 };

describe.each(golden.regression)("as scikit-learn: $name", (given) => {
  test.each(["mae", "rmse", "maxError", "r2"] as const)(
    "%s, with the same bits for every batch size",
    (name) => {
      const { outputs, targets } = given;
      const value = measured(metrics[name], outputs, targets);
      expect(Math.abs(value - given[name])).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(given[name])));
      for (const size of [1, 2, 7]) expect(measured(metrics[name], outputs, targets, size, true)).toBe(value);
    },
  );
});

test("r2 of equal targets is that of scikit-learn's definition, also where the mean is rounded", () => {
  expect(measured(r2, [0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toBe(1);
  expect(measured(r2, [0.1, 0.1, 0.2], [0.1, 0.1, 0.1])).toBe(0);
});

test("without samples all are NaN, and r2 with one", () => {
  for (const metric of Object.values(metrics)) expect(metric.start().value()).toBeNaN();
  expect(measured(r2, [1], [1])).toBeNaN();
  expect(measured(mae, [1], [3])).toBe(2);
});

test("NaN in an output gives NaN", () => {
  for (const metric of Object.values(metrics)) {
    expect(measured(metric, [1, Number.NaN, 3, 4], [1, 2, 3, 4], 2)).toBeNaN();
    expect(measured(metric, [Number.NaN, 1], [1, 1])).toBeNaN();
  }
});

test("shapes that differ are refused", () => {
  expect(() => measured(mae, [[1], [2]], [1, 2])).toThrow(
    "mae([2,1], [2]): outputs and targets must have the same shape",
  );
});

test("a state that is none is refused", () => {
  const begun = rmse.start();
  expect(() => begun.restore({ ...(begun.state() as object), squares: new Float64Array(2) })).toThrow(
    "checkpoint: rmse: not a state",
  );
});
