import {
  ArgumentError,
  createRng,
  type Rng,
  relu,
  ShapeError,
  selu,
  type Tensor,
  tensor,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { constantInit, Dense, type DenseOptions, heNormal, lecunNormal } from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

const rng = (): Rng => createRng("weights");

describe("Dense", () => {
  test("computes x·W + b", () => {
    const dense = new Dense(2, 3, { rng: rng(), init: (shape) => tensor([1, 2, 3, 4, 5, 6], shape) });
    dense.bias?.assign([10, 20, 30]);
    expect(
      dense
        .forward(
          tensor([
            [1, 1],
            [2, 0],
          ]),
        )
        .toArray(),
    ).toEqual([
      [15, 27, 39],
      [12, 24, 36],
    ]);
    expect(dense.forward(tensor([1, 1])).toArray()).toEqual([15, 27, 39]);
    expect(dense.forward(tensor([[[1, 1]]])).toArray()).toEqual([[[15, 27, 39]]]);
  });

  test("starts LeCun normal with bias 0, from the given stream", () => {
    const dense = new Dense(4, 3, { rng: rng() });
    expect(dense.weight.data).toEqual(lecunNormal([4, 3], rng()).data);
    expect(dense.bias?.toArray()).toEqual([0, 0, 0]);
    expect(new Dense(4, 3, { rng: rng(), init: heNormal }).weight.data).toEqual(heNormal([4, 3], rng()).data);
    expect(new Dense(1, 2, { rng: rng(), biasInit: constantInit(0.5) }).bias?.toArray()).toEqual([0.5, 0.5]);
  });

  test("two layers made from one stream start differently", () => {
    const stream = rng();
    const options = { rng: stream };
    expect(new Dense(3, 3, options).weight.data).not.toEqual(new Dense(3, 3, options).weight.data);
  });

  test("applies its activation, and has no bias with bias: false", () => {
    const dense = new Dense(2, 1, { rng: rng(), init: constantInit(1), bias: false, activation: relu });
    expect(dense.bias).toBe(null);
    expect(
      dense
        .forward(
          tensor([
            [-1, -2],
            [1, 2],
          ]),
        )
        .toArray(),
    ).toEqual([[0], [3]]);
  });

  test.each([{ bias: true }, { bias: false }, { activation: selu }])(
    "passes the gradient checks for input, weight and bias: %j",
    (options) => {
      checkLayer(new Dense(3, 2, { rng: rng(), ...options }), [awayFromKinks([4, 3])]);
      checkLayer(new Dense(3, 2, { rng: rng(), ...options }), [awayFromKinks([2, 2, 3])], true);
    },
  );

  test("has its options in its text", () => {
    expect(String(new Dense(3, 2, { rng: rng() }))).toBe("Dense(3, 2)");
    expect(String(new Dense(3, 2, { rng: rng(), bias: false, activation: selu }))).toBe(
      "Dense(3, 2, activation=selu, bias=false)",
    );
    const double = (x: Tensor): Tensor => x.mul(2);
    expect(String(new Dense(3, 2, { rng: rng(), activation: double }))).toBe(
      "Dense(3, 2, activation=double)",
    );
  });

  test("refuses inputs of another width with its own message", () => {
    const dense = new Dense(784, 10, { rng: rng() });
    expect(() => dense.forward(tensor([[1, 2]]))).toThrow(ShapeError);
    expect(() => dense.forward(tensor([[1, 2]]))).toThrow(
      "Dense(784, 10): expects an input [..., 784], got [1,2]",
    );
    expect(() => dense.forward(tensor(1))).toThrow("Dense(784, 10): expects an input [..., 784], got []");
  });

  test("refuses bad sizes and a missing stream", () => {
    for (const [inputs, outputs] of [
      [0, 2],
      [2, 0],
      [1.5, 2],
      [2, -1],
      [Number.NaN, 1],
    ]) {
      expect(() => new Dense(inputs, outputs, { rng: rng() })).toThrow(ArgumentError);
    }
    expect(() => new Dense(2, 1.5, { rng: rng() })).toThrow(
      "Dense: the number of outputs must be a whole number ≥ 1, got 1.5",
    );
    const none = "Dense(2, 2): rng must be a random stream from createRng(seed), got undefined";
    expect(() => new Dense(2, 2, {} as unknown as DenseOptions)).toThrow(none);
    // @ts-expect-error a stream is required
    expect(() => new Dense(2, 2)).toThrow(none);
  });
});
