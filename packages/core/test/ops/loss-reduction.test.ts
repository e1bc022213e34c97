import { describe, expect, test } from "vitest";
import { bceWithLogits, crossEntropy, tensor } from "../../src/index.ts";

describe("U11: weights of classes that are no array of numbers", () => {
  const call = (classWeights: unknown) => () =>
    crossEntropy(tensor([[1, 2]]), tensor([0]), { classWeights: classWeights as number[] });

  test("are refused, a tensor with the way to one", () => {
    expect(call(tensor([1, 3]))).toThrow(
      "classWeights must be an array of numbers such as [1, 3], got Tensor; use Array.from(weights.data)",
    );
    expect(call({ 0: 1, 1: 3 })).toThrow(
      "classWeights must be an array of numbers such as [1, 3], got Object",
    );
    expect(call("balanced")).toThrow('such as [1, 3], got "balanced"');
    expect(() => bceWithLogits(tensor([1]), tensor([0]), { positiveWeight: tensor(2) as never })).toThrow(
      "positiveWeight must be an array of numbers such as [1, 3], got Tensor",
    );
  });

  test("may be a typed array", () => {
    expect(call(Float32Array.of(1, 3))().item()).toBeCloseTo(1.3132616875182228, 14); // ln(1 + e)
  });
});
