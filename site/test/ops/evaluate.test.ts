import { describe, expect, test } from "vitest";
import { curve, evaluate, type OpCall } from "../../src/ops/evaluate.ts";

const call = (
  op: string,
  inputs: OpCall["inputs"],
  params: OpCall["params"] = null,
  list = false,
): OpCall => {
  return { op, list, inputs, params };
};
const vector = (...data: number[]): OpCall["inputs"][number] => ({ shape: [data.length], data });
const scalar = (x: number): OpCall["inputs"][number] => ({ shape: [], data: [x] });

describe("evaluate", () => {
  test("gives results and the gradient of one of their elements", () => {
    const { outs, gradients } = evaluate(call("mul", [vector(1, 2), vector(5, 7)]), 1);
    expect(outs).toEqual([{ shape: [2], data: [5, 14] }]);
    expect(gradients).toEqual([vector(0, 7), vector(0, 2)]);
  });

  test("counts elements through all results", () => {
    const { outs, gradients } = evaluate(call("split", [vector(1, 2, 3)], { sizes: 2 }), 2);
    expect(outs.map(({ data }) => data)).toEqual([[1, 2], [3]]);
    expect(gradients).toEqual([vector(0, 0, 1)]);
  });

  test("runs ops on lists, ops of nn, and ops that draw", () => {
    expect(evaluate(call("concat", [vector(1), vector(2)], null, true), 0).outs).toEqual([vector(1, 2)]);
    const pooled = evaluate(call("maxPool1d", [{ shape: [1, 2, 1], data: [3, 4] }], { kernel: 2 }), 0);
    expect(pooled.gradients).toEqual([{ shape: [1, 2, 1], data: [0, 1] }]);
  });

  test("says null where no gradient flows", () => {
    expect(evaluate(call("oneHot", [vector(1)], { classes: 2 }), 0).gradients).toEqual([null]);
  });

  test("throws the error of the op", () => {
    expect(() => evaluate(call("add", [vector(1, 2), vector(1, 2, 3)]), 0)).toThrow(
      "add([2], [3]): shapes do not",
    );
  });
});

describe("curve", () => {
  test("gives a function and two derivatives: x³ from pow", () => {
    const { value, first, second } = curve(call("pow", [scalar(0), scalar(3)]), 0, [1, 2]);
    expect(value).toEqual([1, 8]);
    expect(first).toEqual([3, 12]);
    expect(second).toEqual([6, 12]);
  });

  test("moves the input that is asked for", () => {
    expect(curve(call("sub", [scalar(5), scalar(0)]), 1, [1, 2])).toEqual({
      value: [4, 3],
      first: [-1, -1],
      second: [0, 0],
    });
  });

  test("has no derivatives where no gradient flows", () => {
    expect(curve(call("floor", [scalar(0)]), 0, [1.5])).toEqual({ value: [1], first: null, second: null });
  });
});
