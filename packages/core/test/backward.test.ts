import { expect, test } from "vitest";
import { backward, tensor, variable } from "../src/index.ts";

test("fluent ops differentiate", () => {
  const x = variable(tensor([1, 2, 3]));
  const y = x.square().mul(2).sum();
  expect(backward(y).of(x).toArray()).toEqual([4, 8, 12]);
});
