import { tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { accuracy, topKAccuracy } from "../../src/index.ts";
import { golden } from "./golden.ts";

test.each(golden.topK)("as scikit-learn: k = $k", ({ k, outputs, targets, accuracy: expected }) => {
  const metric = topKAccuracy({ k });
  const [output, target] = [tensor(outputs), tensor(targets)];
  expect(metric(output, target) / Number(metric.count?.(output, target))).toBeCloseTo(expected, 14);
});

describe("topKAccuracy", () => {
  const output = tensor([
    [1, 1, 1],
    [0, 2, 2],
    [5, Number.NaN, 4],
  ]);

  test("counts equal outputs in the order of the classes, as accuracy", () => {
    for (const targets of [tensor([0, 2, 0]), tensor([1, 1, 0]), tensor([2, 1, 2])]) {
      expect(topKAccuracy({ k: 1 })(output, targets)).toBe(accuracy(output, targets));
    }
    expect(topKAccuracy({ k: 2 })(output, tensor([2, 2, 0]))).toBe(1); // the NaN is wrong
  });

  test("K4: leaves missing targets out", () => {
    const metric = topKAccuracy({ k: 2 });
    expect(metric(output, tensor([-100, 1, -100]))).toBe(1);
    expect(metric.count?.(output, tensor([-100, 1, -100]))).toBe(1);
  });

  test("refuses more than the classes, and other shapes", () => {
    expect(() => topKAccuracy()(output, tensor([0, 0, 0]))).toThrow(
      "topKAccuracy: k is 5, but there are only 3 classes",
    );
    expect(() => topKAccuracy({ k: 1 })(output, output)).toThrow("topKAccuracy([3,3], [3,3]): needs outputs");
    expect(() => topKAccuracy({ k: 0 })).toThrow("topKAccuracy: k must be");
  });
});
