import { createRng, relu, tanh, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { SimpleRNN } from "../../../src/index.ts";

const rng = createRng("simple");

describe("SimpleRNN", () => {
  test("applies its activation to x·W + b + h·U", () => {
    const layer = new SimpleRNN(2, 1, { rng, activation: relu, returnSequences: true });
    const [cell] = layer.cells;
    cell.weight.assign([1, 10]);
    cell.recurrentWeight.assign([2]);
    cell.bias?.assign([-3]);
    // 1 + 20 − 3 = 18; 0 − 100 − 3 + 36 < 0; 4 − 3 + 0 = 1
    const x = tensor([
      [
        [1, 2],
        [0, -10],
        [4, 0],
      ],
    ]);
    expect(layer.forward(x).toArray()).toEqual([[[18], [0], [1]]]);
  });

  test("refuses an activation that is no function of tensors, and has its options in its text", () => {
    expect(() => new SimpleRNN(2, 1, { rng, activation: "relu" as never })).toThrow(
      'SimpleRNN(2, 1): activation must be a function such as selu, got "relu"; did you mean the function relu',
    );
    const wrong = new SimpleRNN(2, 1, { rng, activation: (() => 1) as never });
    expect(() => wrong.forward(tensor([[[1, 2]]]))).toThrow("the function must return a tensor, got 1");
    expect(String(new SimpleRNN(2, 1, { rng, activation: tanh }))).toBe("SimpleRNN(2, 1)");
    expect(String(new SimpleRNN(2, 1, { rng, activation: relu }))).toBe("SimpleRNN(2, 1, activation=relu)");
  });
});
