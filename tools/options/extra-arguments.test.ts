import * as core from "@gradus/core";
import { Dataset } from "@gradus/data";
import { loadWeights, saveWeights } from "@gradus/io";
import * as nn from "@gradus/nn";
import { describe, expect, test } from "vitest";

const { createRng } = core;
const rng = createRng("extra");
const dataset = new Dataset({ inputs: [[1], [2]], targets: [0, 1] });
const net = new nn.Dense(1, 2, { rng });
const square = (x: core.Tensor): core.Tensor => x.square().sum();

/** Functions whose last argument is no object of options, called with the arguments that they take, and what came after. */
const calls: Readonly<Record<string, (...extra: never[]) => unknown>> = {
  "Dropout(p)": (...extra) => new nn.Dropout(0.5, ...extra),
  "Flatten()": (...extra) => new nn.Flatten(...extra),
  "dataset.split(fraction, rng)": (...extra) => dataset.split(0.5, rng, ...extra),
  "grad(f)": (...extra) => core.grad(square, ...extra),
  "valueAndGrad(f)": (...extra) => core.valueAndGrad(square, ...extra),
  "jacobian(f)": (...extra) => core.jacobian(square, ...extra),
  "hessian(f)": (...extra) => core.hessian(square, ...extra),
  "rng.integer(n)": (...extra) => rng.integer(5, ...extra),
  "rng.permutation(n)": (...extra) => rng.permutation(5, ...extra),
};

describe("U3: an argument that other frameworks take after the last one is refused by", () => {
  test.each(Object.entries(calls))("%s", (name, call) => {
    for (const given of [1, true, { seed: 1 }]) {
      const takes = name.includes("()") ? "no arguments" : `nothing after ${/(\w+)\)$/.exec(name)?.[1]}`;
      expect(() => call(given as never)).toThrow(
        new core.ArgumentError(`${name}: takes ${takes}, got ${core.show(given)}`),
      );
    }
    expect(() => call()).not.toThrow();
    expect(() => call(undefined as never)).not.toThrow();
  });
});

describe("U3: a number or text in place of the options is refused by", () => {
  const given: Readonly<Record<string, () => unknown>> = {
    LeakyReLU: () => new nn.LeakyReLU(0.3 as never),
    ELU: () => new nn.ELU(0.5 as never),
    GELU: () => new nn.GELU("tanh" as never),
    Softmax: () => new nn.Softmax(1 as never),
    ReLU: () => new (nn.ReLU as new (inplace: boolean) => nn.Layer)(true),
    BatchNorm: () => new nn.BatchNorm(8, 1e-5 as never),
    loadWeights: () => loadWeights(net, saveWeights(net), true as never),
    "Dense(2, 3)": () => new nn.Dense(2, 3, "relu" as never),
  };
  test.each(Object.entries(given))("%s", (name, call) => {
    expect(call).toThrow(core.ArgumentError);
    expect(call).toThrow(`${name}: needs an options object {`);
  });
});
