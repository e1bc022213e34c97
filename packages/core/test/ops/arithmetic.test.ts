import { expect, test } from "vitest";
import { backward, chain, type Tensor, tensor, variable } from "../../src/index.ts";

function gradient(f: (x: Tensor) => Tensor, at: number[], cotangent: number[]): unknown {
  const x = variable(tensor(at));
  return backward(f(x), { cotangent: tensor(cotangent) })
    .of(x)
    .toArray();
}

test("chain is a product in which a first factor of 0 wins over NaN and infinity", () => {
  expect(
    chain(tensor([0, -0, 2, 0]), tensor([Number.NaN, Number.POSITIVE_INFINITY, 3, 5])).toArray(),
  ).toEqual([0, 0, 6, 0]);
});

test("maximum and minimum split the gradient in half at a tie", () => {
  expect(gradient((x) => x.maximum(2), [1, 2, 3], [8, 8, 8])).toEqual([0, 4, 8]);
  expect(gradient((x) => x.minimum(2), [1, 2, 3], [8, 8, 8])).toEqual([8, 4, 0]);
});

test("the one that lost against the other has gradient 0, however large the incoming one", () => {
  const infinite = Number.POSITIVE_INFINITY;
  expect(gradient((x) => x.maximum(2), [1, 3], [infinite, infinite])).toEqual([0, infinite]);
});

test("sign and abs at 0 are 0, and their gradient too", () => {
  expect(tensor([-2, 0, 3]).sign().toArray()).toEqual([-1, 0, 1]);
  expect(gradient((x) => x.abs(), [-2, 0, 3], [1, 1, 1])).toEqual([-1, 0, 1]);
});
