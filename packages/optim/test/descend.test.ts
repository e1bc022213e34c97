import { backward, Parameter } from "@gradus/core";
import { expect, test } from "vitest";
import { descend } from "../src/index.ts";

test("goes against the gradient, as far as the rate says", () => {
  const x = new Parameter([3, -2]);
  descend([["x", x]], backward(x.square().sum()), 0.25);
  expect(x.toArray()).toEqual([1.5, -1]); // x − 0.25·2x
});

test("reads all gradients before it changes a parameter", () => {
  const [x, y] = [new Parameter([2]), new Parameter([5])];
  const parameters = [
    ["x", x],
    ["y", y],
  ] as const;
  descend(parameters, backward(x.mul(y).sum()), 1); // the gradient of x is y itself
  expect([x.item(), y.item()]).toEqual([-3, 3]);
});

test("refuses what it cannot step by, and changes nothing", () => {
  const [x, y] = [new Parameter([2]), new Parameter([5])];
  const gradients = backward(x.square().sum());
  expect(() => descend([["x", x]], gradients, -1)).toThrow(
    "descend: the rate must be a finite number ≥ 0, got -1",
  );
  expect(() =>
    descend(
      [
        ["x", x],
        ["y", y],
      ],
      gradients,
      1,
    ),
  ).toThrow('descend: no gradient for "y" [1]; not part of the loss?');
  expect(() => descend([["x", x]], x as never, 1)).toThrow(
    /^descend: needs Gradients, got Parameter; did you mean backward/,
  );
  expect([x.item(), y.item()]).toEqual([2, 5]);
});

test("a net, tensors or groups in place of pairs are refused", () => {
  const x = new Parameter([1]);
  const gradients = backward(x.sum());
  for (const wrong of [{}, [x], [{ parameters: [["x", x]] }]]) {
    expect(() => descend(wrong as never, gradients, 0.1)).toThrow(
      "descend: needs pairs such as namedParameters(net)",
    );
  }
  expect(x.toArray()).toEqual([1]);
});
