import { createRng, selu } from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as nn from "../src/index.ts";

const rng = createRng("uncalled");

describe("U11: a function that makes an initializer, given as one, is refused with the call:", () => {
  test.each([
    ["uniform", "uniform({ low: -0.05, high: 0.05 })"],
    ["normal", "normal({ mean: 0, std: 0.05 })"],
    ["constantInit", "constantInit(0.1)"],
    ["orthogonal", "orthogonal()"],
  ] as const)("%s", (name, call) => {
    const init = { ...nn }[name] as never;
    const reason = `${name}: it makes an initializer, and got the shape itself; call it: ${call}`;
    expect(() => new nn.Dense(2, 3, { rng, init })).toThrow(`Dense(2, 3): ${reason}`);
    expect(() => new nn.Dense(2, 3, { rng, biasInit: init })).toThrow(`Dense(2, 3): ${reason}`);
    expect(() => new nn.Embedding(2, 3, { rng, init })).toThrow(`Embedding(2, 3): ${reason}`);
  });
});

describe("R12: sizes that no memory can hold are refused by the layer's name and sizes:", () => {
  test.each([
    ["Dense(1000000, 1000000): rng.normal: ", () => new nn.Dense(1e6, 1e6, { rng })],
    ["Dense(1000000, 1000000): rng.normal: ", () => new nn.Dense(1e6, 1e6, { rng, init: nn.orthogonal() })],
    [
      "Dense(1000000, 1000000): rng.normal: ",
      () => new nn.Dense(1e6, 1e6, { rng, init: nn.heNormalTruncated }),
    ],
    ["Dense(1000000, 1000000): rng.uniform: ", () => new nn.Dense(1e6, 1e6, { rng, init: nn.heUniform })],
    ["Embedding(1000000, 1000000): rng.normal: ", () => new nn.Embedding(1e6, 1e6, { rng })],
    ["BatchNorm(1000000000000): ones: ", () => new nn.BatchNorm(1e12)],
    ["LayerNorm(1000000, 1000000): ones: ", () => new nn.LayerNorm([1e6, 1e6])],
    ["PReLU(1000000000000): full: ", () => new nn.PReLU(1e12)],
  ])("%s", (lead, make) => {
    expect(make).toThrow(lead);
    expect(make).toThrow(/bytes: more than this machine gives$/);
  });
});

describe("K10: JSON keeps the names of functions, which it would leave out", () => {
  test("of activations, alone and in a net", () => {
    const texts = [
      [new nn.SELU(), '{"activation":"selu"}'],
      [new nn.LeakyReLU({ slope: 0.3 }), '{"activation":"leakyRelu","slope":0.3}'],
      [new nn.Sequential(selu), '{"layers":[{"activation":"selu"}]}'],
      [new nn.FunctionLayer((x) => x), '{"activation":"function"}'],
    ] as const;
    for (const [layer, text] of texts) expect(JSON.stringify(layer)).toBe(text);
    const dense = new nn.Dense(1, 1, { rng, activation: selu, init: nn.constantInit(2) });
    expect(JSON.parse(JSON.stringify(dense))).toMatchObject({ activation: "selu", weight: { data: [2] } });
    expect(JSON.parse(JSON.stringify(new nn.Dense(1, 1, { rng }))).activation).toBe(null);
  });

  test("a copy by spreading is no layer, and is refused where a layer is needed", () => {
    const copy = { ...new nn.Sequential(selu) };
    expect(() => new nn.Sequential(copy as never)).toThrow(
      "Sequential: layer 0 has no forward method, got Object",
    );
  });
});
