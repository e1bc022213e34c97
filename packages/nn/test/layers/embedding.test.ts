import { ArgumentError, backward, createRng, GradusError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Embedding, type EmbeddingOptions, type Layer } from "../../src/index.ts";
import { checkLayer, expectMoments } from "../support.ts";

const rng = () => createRng("vectors");

describe("Embedding", () => {
  test("looks up the row of each index", () => {
    const layer = new Embedding(3, 2, { rng: rng(), init: (shape) => tensor([0, 1, 10, 11, 20, 21], shape) });
    expect(layer.forward(tensor([2, 0])).toArray()).toEqual([
      [20, 21],
      [0, 1],
    ]);
    expect(layer.forward(tensor([[1], [1]])).toArray()).toEqual([[[10, 11]], [[10, 11]]]);
  });

  test("adds up the gradients of a row that is used twice, and is 0 for one that is not", () => {
    const layer = new Embedding(3, 2, { rng: rng() });
    const y = layer.forward(tensor([2, 0, 2]));
    const g = backward(y, {
      cotangent: tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    }).of(layer.weight);
    expect(g.toArray()).toEqual([
      [3, 4],
      [0, 0],
      [6, 8],
    ]);
  });

  test("starts from N(0, 1)", () => {
    expectMoments(new Embedding(1000, 100, { rng: rng() }).weight, 0, 1);
  });

  test("passes the gradient check for its vectors", () => {
    const inner = new Embedding(3, 2, { rng: rng() });
    const fixed: Layer & { inner: Embedding } = {
      inner,
      forward: () =>
        inner.forward(
          tensor([
            [2, 0],
            [2, 1],
          ]),
        ),
    };
    checkLayer(fixed, []);
  });

  test("refuses indices out of range and bad arguments, and has its options in its text", () => {
    const layer = new Embedding(3, 2, { rng: rng() });
    for (const index of [3, -1, 0.5, Number.NaN]) {
      expect(() => layer.forward(tensor([index]))).toThrow(GradusError);
    }
    for (const [count, size] of [
      [0, 2],
      [2, 0],
      [1.5, 2],
    ]) {
      expect(() => new Embedding(count, size, { rng: rng() })).toThrow(ArgumentError);
    }
    expect(() => new Embedding(2, 2, {} as unknown as EmbeddingOptions)).toThrow(
      "Embedding(2, 2): rng must be a random stream from createRng(seed), got undefined",
    );
    expect(String(layer)).toBe("Embedding(3, 2)");
  });
});
