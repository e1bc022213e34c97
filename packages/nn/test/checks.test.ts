import { ArgumentError, createRng, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as nn from "../src/index.ts";

/** All that takes options, called with one that is misspelt or comes from another framework. */
const calls: Record<string, [call: (options: never) => unknown, option: string, meant: string | undefined]> =
  {
    "Dense(2, 3)": [(options) => new nn.Dense(2, 3, options), "initializer", "init"],
    "Embedding(2, 3)": [(options) => new nn.Embedding(2, 3, options), "initial", "init"],
    PReLU: [(options) => new nn.PReLU(2, options), "initial", "init"],
    RReLU: [(options) => new nn.RReLU(options), "low", "lower"],
    LeakyReLU: [(options) => new nn.LeakyReLU(options), "negative_slope", "slope"],
    ELU: [(options) => new nn.ELU(options), "Alpha", "alpha"],
    CELU: [(options) => new nn.CELU(options), "aplha", "alpha"],
    GELU: [(options) => new nn.GELU(options), "aproximate", "approximate"],
    Hardtanh: [(options) => new nn.Hardtanh(options), "max_val", undefined],
    Softmax: [(options) => new nn.Softmax(options), "dim", "axis"],
    LogSoftmax: [(options) => new nn.LogSoftmax(options), "axes", "axis"],
    AlphaDropout: [(options) => new nn.AlphaDropout(0.1, options), "fixedPoints", "fixedPoint"],
    FeatureAlphaDropout: [(options) => new nn.FeatureAlphaDropout(0.1, options), "inplace", undefined],
    LayerNorm: [(options) => new nn.LayerNorm(3, options), "eps", "epsilon"],
    BatchNorm1d: [(options) => new nn.BatchNorm1d(3, options), "eps", "epsilon"],
    uniform: [nn.uniform, "lo", "low"],
    normal: [nn.normal, "sigma", "std"],
    orthogonal: [nn.orthogonal, "gian", "gain"],
    runningAverage: [(options) => nn.runningAverage(tensor([1]), options), "momentun", "momentum"],
  };

describe("an unknown option is refused, with the nearest known one, by", () => {
  test.each(Object.entries(calls))("%s", (who, [call, option, meant]) => {
    const misspelt = (): unknown => call({ [option]: 1 } as never);
    const hint = meant === undefined ? "it takes" : `did you mean "${meant}"? It takes`;
    expect(misspelt).toThrow(ArgumentError);
    expect(misspelt).toThrow(`${who}: unknown option "${option}"; ${hint} {`);
  });

  test("the classes without options", () => {
    for (const Layer of [nn.ReLU, nn.ReLU6, nn.SELU, nn.SiLU, nn.Mish, nn.Sigmoid, nn.LogSigmoid, nn.Tanh]) {
      const make = Layer as new (options: object) => nn.Layer;
      expect(() => new make({ slope: 1 })).toThrow(`${Layer.name}: unknown option "slope"; it takes {}`);
    }
  });
});

test("a wrong option is refused before anything is drawn", () => {
  const stream = createRng(1);
  const dense = (options: object): (() => unknown) => {
    return () => new nn.Dense(2, 3, { rng: stream, ...options } as nn.DenseOptions);
  };
  expect(dense({ init: "lecun" })).toThrow('Dense(2, 3): init must be a function, got "lecun"');
  expect(dense({ biasInit: 0 })).toThrow("Dense(2, 3): biasInit must be a function, got 0");
  expect(dense({ bias: 0 })).toThrow("Dense(2, 3): bias must be true or false, got 0");
  expect(dense({ activation: nn.SELU })).toThrow(
    "Dense(2, 3): activation must be a function such as selu, got class SELU",
  );
  expect(dense({ activation: new nn.SELU() })).toThrow("must be a function such as selu, got SELU");
  expect(() => new nn.Embedding(2, 3, { rng: stream, init: 1 } as never)).toThrow(
    "init must be a function, got 1",
  );
  expect(stream.state()).toEqual(createRng(1).state());
  expect(() => nn.initialize("Mine", undefined as never, [1], stream)).toThrow(
    "Mine: the initializer must be a function, got undefined",
  );
});
