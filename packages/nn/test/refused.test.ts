import * as core from "@gradus/core";
import { ArgumentError, createRng, ones, Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { ACTIVATIONS, INITIALIZERS } from "../src/check-layer.ts";
import * as nn from "../src/index.ts";

const rng = createRng("refused");
const dense = (options: object): nn.Dense => new nn.Dense(2, 3, { rng, ...options } as never);

/** A layer of every class, with an input that it takes. */
const layers: readonly (readonly [nn.Layer, Tensor])[] = [
  ...[nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.CELU, nn.SELU, nn.GELU, nn.SiLU, nn.Mish, nn.Sigmoid],
  ...[
    nn.LogSigmoid,
    nn.Tanh,
    nn.Softplus,
    nn.Softsign,
    nn.Hardtanh,
    nn.Softmax,
    nn.LogSoftmax,
    nn.RReLU,
    nn.PReLU,
  ],
  ...[nn.Flatten],
].map((Kind) => [new Kind(), ones([2, 2])] as const);
const others: readonly (readonly [nn.Layer, Tensor])[] = [
  [dense({}), ones([2, 2])],
  [dense({ activation: core.selu }), ones([2, 2])],
  [new nn.Embedding(3, 2, { rng }), ones([2])],
  [new nn.LayerNorm(2), ones([2, 2])],
  [new nn.SimpleRNN(2, 3, { rng }), ones([2, 2, 2])],
  [new nn.GRU(2, 3, { rng }), ones([2, 2, 2])],
  [new nn.LSTM(2, 3, { rng }), ones([2, 2, 2])],
  [new nn.Bidirectional(new nn.GRU(2, 3, { rng }), new nn.LSTM(2, 3, { rng })), ones([2, 2, 2])],
  [new nn.BatchNorm(2), ones([2, 2])],
  [new nn.Conv1d(1, 2, 2, { rng }), ones([2, 4, 1])],
  [new nn.Conv2d(1, 2, 2, { rng }), ones([2, 4, 4, 1])],
  [new nn.ConvTranspose2d(1, 2, 2, { rng }), ones([2, 4, 4, 1])],
  ...[nn.MaxPool2d, nn.AvgPool2d, nn.Upsample].map((Kind) => [new Kind(2), ones([2, 4, 4, 1])] as const),
  ...[nn.MaxPool1d, nn.AvgPool1d].map((Kind) => [new Kind(2), ones([2, 4, 1])] as const),
  [new nn.GlobalAveragePool(), ones([2, 4, 4, 1])],
  [new nn.GroupNorm(1, 2), ones([2, 2])],
  [new nn.Dropout(0.5), ones([2, 2])],
  [new nn.AlphaDropout(0.5), ones([2, 2])],
  [new nn.FeatureAlphaDropout(0.5), ones([2, 2])],
  [new nn.FunctionLayer((x) => x.mul(2)), ones([2, 2])],
  [new nn.MultiHeadAttention(2, 1, { rng }), ones([1, 2, 2])],
  [new nn.TransformerBlock(2, 1, { rng }), ones([1, 2, 2])],
  [new nn.SinusoidalPositions(2), ones([2, 2])],
  [new nn.LearnedPositions(2, 2, { rng }), ones([2, 2])],
  [new nn.Sequential(), ones([2, 2])],
  [new nn.Sequential(core.selu), ones([2, 2])],
];

describe("K13: forward refuses what is no tensor, and says how to get one:", () => {
  const wrong: readonly (readonly [given: unknown, message: RegExp])[] = [
    [[[0, 1]], /forward takes a tensor, got \[\[0,1\]\]; tensor\(array\) makes one$/],
    [Float32Array.of(0, 1), /got Float32Array; tensor\(numbers, \[n, \.\.\.\]\) makes one/],
    [3, /got 3; tensor/],
    [undefined, /got undefined; tensor/],
    [null, /got null; tensor/],
    ["x", /got "x"; tensor/],
    [{ inputs: ones([1]), targets: ones([1]) }, /got Object; pass batch\.inputs$/],
    [{ batch: () => {} }, /got Object; predict\(net, dataset\)/],
    [{ storage: {}, tracked: false }, /of another copy of @gradus\/core \(npm ls @gradus\/core\)$/],
  ];
  test.each([...layers, ...others])("%s", (layer, input) => {
    for (const mode of [undefined, { train: true, rng }] as const) {
      for (const [given, message] of wrong) {
        const call = (): unknown => layer.forward(given as never, mode);
        expect(call).toThrow(ArgumentError);
        expect(call).toThrow(message);
      }
      expect(layer.forward(input, mode)).toBeInstanceOf(Tensor);
    }
  });

  test("every class of a layer is in this test", () => {
    const classes = Object.entries(nn).filter(
      ([, value]) => typeof Object(value).prototype?.forward === "function",
    );
    const tested = new Set([...layers, ...others].map(([layer]) => layer.constructor.name));
    expect(classes.map(([name]) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe("U11: in place of a function, at construction,", () => {
  test.each([
    ["relu", "did you mean the function relu, without quotes?"],
    ["leaky_relu", "did you mean the function leakyRelu, without quotes?"],
    ["swish", "did you mean the function silu, without quotes?"],
    ["linear", "leave it out"],
    [nn.ReLU, "put new ReLU(…) after this layer in Sequential"],
    [new nn.LeakyReLU(), "put new LeakyReLU(…) after this layer in Sequential"],
  ])("the activation %s is refused", (activation, hint) => {
    const message = `activation must be a function such as selu, got ${core.show(activation)}; ${hint}`;
    expect(() => dense({ activation })).toThrow(`Dense(2, 3): ${message}`);
    if (hint !== "leave it out") expect(() => new nn.FunctionLayer(activation as never)).toThrow(message);
  });

  test.each([
    ["he_normal", "; did you mean the function heNormal, without quotes?"],
    ["glorotUniform", "; did you mean the function glorotUniform, without quotes?"],
    ["xavier_uniform", "; did you mean the function glorotUniform, without quotes?"],
    ["zeros", "; did you mean the function zeros, without quotes?"],
    [0.1, "; use constantInit(0.1)"],
    [tensor([[1]]), "; for given numbers use () => tensor([…])"],
    [{ type: "normal" }, "; for given numbers use () => tensor([…])"],
    ["qqq", ""],
  ])("the initializer %s is refused", (init, hint) => {
    const message = `init must be a function such as heNormal, got ${core.show(init)}${hint}`;
    expect(() => dense({ init })).toThrow(new ArgumentError(`Dense(2, 3): ${message}`));
    expect(() => dense({ biasInit: init })).toThrow(
      `Dense(2, 3): biasInit must be a function such as heNormal`,
    );
    expect(() => new nn.Embedding(3, 2, { rng, init: init as never })).toThrow(`Embedding(3, 2): ${message}`);
    expect(() => nn.initialize("Mine", init as never, [2], rng)).toThrow(
      "Mine: the initializer must be a function such",
    );
  });

  test("initializers and activations that return no tensor are refused", () => {
    const rows = [[1, 2, 3], [4, 5, 6]]; // biome-ignore format: one line
    expect(() => dense({ init: () => rows })).toThrow(
      "Dense(2, 3): the initializer must return a tensor, got [[1,2,3],[4,5,6]]",
    );
    expect(() => dense({ activation: () => 3 }).forward(ones([1, 2]))).toThrow(
      "Dense(2, 3, activation=activation): the function must return a tensor, got 3",
    );
  });

  test("lists, texts and classes are no layers of Sequential", () => {
    const list = "pass the layers one by one: new Sequential(...layers)";
    for (const [given, hint] of [
      [[new nn.ReLU(), new nn.ReLU()], list],
      [{ layers: [] }, list],
      ["relu", "did you mean the function relu, without quotes?"],
      ["dense", "it takes layers, and functions such as selu"],
      [null, "it takes layers, and functions such as selu"],
    ] as const) {
      expect(() => new nn.Sequential(core.selu, given as never)).toThrow(
        `Sequential: layer 1 has no forward method, got ${core.show(given)}; ${hint}`,
      );
    }
    expect(() => new nn.Sequential(nn.ReLU as never)).toThrow(
      "Sequential: layer 0 is the class ReLU; make one: new ReLU(…)",
    );
  });

  test("the suggested names exist", () => {
    for (const name of ACTIVATIONS) expect({ ...core.ops }[name as never], name).toBeTypeOf("function");
    for (const name of INITIALIZERS) expect({ ...core, ...nn }[name as never], name).toBeTypeOf("function");
  });
});
