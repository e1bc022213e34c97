import { backward, layerNorm, ones, std, type Tensor, tensor, variable, variance, zeros } from "@gradus/core";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

/** The functions whose squares may overflow. */
const functions: Record<string, (x: Tensor) => Tensor> = {
  std: (x) => std(x, { axes: 1 }),
  variance: (x) => variance(x, { axes: 1 }),
  layerNorm: (x) => layerNorm(x, ones([9]), zeros([9])),
};

test.each(Object.entries(functions))("H3: %s has the same bits compiled, for rows of every size", (_, f) => {
  const rows = [1, 1e154, 1e200, 1e307, 1e-154, 1e-200, 1e-310].map((scale) =>
    Array.from({ length: 9 }, (_, i) => scale * (((i * 7) % 5) - 2.3)),
  );
  const x = variable(tensor(rows));
  const run = (at: Tensor): Tensor[] => {
    const out = f(at);
    return [out, backward(out, { cotangent: ones(out.shape) }).of(at)];
  };
  const compiled = compile(run);
  const expected = run(x);
  for (const found of [compiled(x), compiled(x)]) {
    found.forEach((y, i) => {
      expect(y.data).toEqual(expected[i].data);
    });
  }
});
