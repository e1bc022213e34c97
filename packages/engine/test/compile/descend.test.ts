import { backward, Parameter, type Tensor, tensor } from "@gradus/core";
import { descend } from "@gradus/optim";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";

test.each(WAYS)("a compiled step reads all gradients before it changes a parameter (%s)", (way) => {
  inWay(way, () => {
    const [x, y] = [new Parameter([2]), new Parameter([5])];
    const parameters = [
      ["x", x],
      ["y", y],
    ] as const;
    const step = compile((one: Tensor) => descend(parameters, backward(x.mul(y).mul(one).sum()), 1));
    step(tensor(1));
    expect([x.item(), y.item()]).toEqual([-3, 3]); // 2 − 5, 5 − 2
  });
});
