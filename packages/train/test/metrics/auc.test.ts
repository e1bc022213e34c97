import { describe, expect, test } from "vitest";
import { auc } from "../../src/index.ts";
import { golden, measured } from "./golden.ts";

describe.each(golden.auc)("as scikit-learn: $name", ({ scores, targets, auc: expected }) => {
  test("in batches of every size, with the same bits", () => {
    const value = measured(auc(), scores, targets);
    expect(value).toBeCloseTo(expected, 14);
    for (const size of [1, 2, 7]) expect(measured(auc(), scores, targets, size, true)).toBe(value);
  });

  test("for two outputs and class indices", () => {
    const outputs = scores.map((score) => [0, score]);
    expect(measured(auc(), outputs, targets, 5)).toBeCloseTo(expected, 14);
  });
});

test("-0 and 0 are equal scores", () => {
  expect(measured(auc(), [-0, 0], [0, 1])).toBe(0.5);
  expect(measured(auc(), [0, -0], [0, 1])).toBe(0.5);
});

test("infinite scores have an order", () => {
  expect(measured(auc(), [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], [0, 1])).toBe(1);
});

test("without a positive or without a negative sample the value is NaN", () => {
  expect(measured(auc(), [1, 2], [0, 0])).toBeNaN();
  expect(measured(auc(), [1, 2], [1, 1])).toBeNaN();
  expect(auc().start().value()).toBeNaN();
});

test("K4: a missing target does not count", () => {
  expect(measured(auc(), [5, 1, 2], [-100, 0, 1])).toBe(1);
  expect(measured(auc({ ignoreIndex: 0.25 }), [5, 1, 2], [0.25, 0, 1])).toBe(1);
});

test("NaN scores, other targets, more classes and other shapes are refused", () => {
  expect(() => measured(auc(), [1, Number.NaN], [0, 1])).toThrow(
    "auc: the output for sample 1 of the batch has NaN",
  );
  expect(() => measured(auc(), [1, 1], [0, 2])).toThrow("auc: the yes/no target 1 of the batch is 2");
  expect(() => measured(auc(), [[1, 1, 1]], [0])).toThrow(
    "auc([1,3], [1]): needs yes/no scores [n] or [n, 1]",
  );
  expect(() => measured(auc(), [[1]], [0])).toThrow("auc([1,1], [1]): needs yes/no scores");
});

test("a state that is none is refused", () => {
  const begun = auc().start();
  const state = begun.state() as object;
  expect(() => begun.restore({ ...state, positive: Float64Array.of(Number.NaN) })).toThrow(
    "checkpoint: auc: not a state",
  );
  expect(() => auc({ ignoreIndex: 7 }).start().restore(state)).toThrow("checkpoint: auc was measured with");
});
