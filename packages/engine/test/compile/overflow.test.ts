import { createRng, type Tensor, tensor } from "@gradus/core";
import { BatchNorm } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { CONSTRUCTORS, parameter, VARIANTS } from "../../../optim/test/support.ts";
import { compile } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";

const KEEP_NO_SQUARES = ["SGD", "Adamax"];

describe("R12: a compiled step refuses gradients whose squares overflow, as op by op:", () => {
  test.each(VARIANTS)("%s", (_, name, options) => {
    for (const way of WAYS) {
      inWay(way, () => {
        const [x, y] = [parameter([1, 2, 3]), parameter([4])];
        const { clip: _clip, ...others } = options as { clip?: unknown };
        const optimizer = new CONSTRUCTORS[name]([["x", x], ["y", y]], others); // biome-ignore format: one line
        const step = compile((g: Tensor, h: Tensor): Tensor => {
          optimizer.step(new Map([[x as Tensor, g], [y as Tensor, h]])); // biome-ignore format: one line
          return g;
        });
        const state = () => JSON.stringify([[...x.data], [...y.data], optimizer.state()]);
        step(tensor([1, -1, 0.5]), tensor([1]));
        const before = state();
        for (const [g, h] of [
          [[1, 1e160, 1], [1]],
          [[1, 1, 1], [-1e170]],
        ]) {
          // biome-ignore format: one line
          const run = () => step(tensor(g), tensor(h));
          if (KEEP_NO_SQUARES.includes(name)) expect(run).not.toThrow();
          else expect(run).toThrow(/: the gradient of "[xy]" has an element -?1e\+1[67]0, too large for /);
        }
        if (!KEEP_NO_SQUARES.includes(name)) expect(state()).toBe(before);
        step(tensor([1, 1e153, 1]), tensor([1]));
        expect([...x.data, ...y.data].every(Number.isFinite)).toBe(true);
      });
    }
  });
});

test("R12: compiled evaluation refuses a running variance that has overflowed", () => {
  for (const way of WAYS) {
    inWay(way, () => {
      const layer = new BatchNorm(1);
      const evaluate = compile((x: Tensor) => layer.forward(x));
      evaluate(tensor([[1], [2]]));
      layer.forward(tensor([[-1e200], [1e200]]), { train: true, rng: createRng(0) });
      expect(() => evaluate(tensor([[1], [2]]))).toThrow(
        "BatchNorm(1): the running variance of channel 0 is infinite",
      );
    });
  }
});
