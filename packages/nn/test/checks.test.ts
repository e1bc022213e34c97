import { createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as nn from "../src/index.ts";

// That every function refuses an option that does not exist is tested in tools/options.

describe("an option that does not exist is refused by", () => {
  test("layers, with the name that other frameworks' users mean", () => {
    const rng = createRng("checks");
    const misspelt: [make: () => unknown, message: string][] = [
      [
        () => new nn.Dense(2, 3, { rng, initializer: nn.heNormal } as nn.DenseOptions),
        'Dense(2, 3): unknown option "initializer"; did you mean "init"?',
      ],
      [
        () => new nn.LeakyReLU({ negative_slope: 0.3 } as object),
        'LeakyReLU: unknown option "negative_slope"; did you mean "slope"? It takes { slope }',
      ],
      [
        () => new nn.LayerNorm(8, { eps: 1e-6 } as object),
        'LayerNorm: unknown option "eps"; did you mean "epsilon"? It takes { epsilon }',
      ],
      [
        () => new nn.Softmax({ dim: 1 } as object),
        'Softmax: unknown option "dim"; did you mean "axis"? It takes { axis }',
      ],
    ];
    for (const [make, message] of misspelt) expect(make).toThrow(message);
  });

  test("the classes without options", () => {
    for (const Layer of [nn.ReLU, nn.ReLU6, nn.SELU, nn.SiLU, nn.Mish, nn.Sigmoid, nn.LogSigmoid, nn.Tanh]) {
      const make = Layer as new (options: object) => nn.Layer;
      expect(() => new make({ slope: 1 })).toThrow(`${Layer.name}: unknown option "slope"; it takes {}`);
    }
  });
});

test("an option of the wrong kind is refused before anything is drawn", () => {
  const stream = createRng(1);
  const dense = (options: object): (() => unknown) => {
    return () => new nn.Dense(2, 3, { rng: stream, ...options } as nn.DenseOptions);
  };
  expect(dense({ init: "lecun" })).toThrow(
    'Dense(2, 3): init must be a function such as heNormal, got "lecun"',
  );
  expect(dense({ biasInit: 0 })).toThrow("Dense(2, 3): biasInit must be a function such as heNormal, got 0");
  expect(dense({ bias: 0 })).toThrow("Dense(2, 3): bias must be true or false, got 0");
  expect(dense({ activation: nn.SELU })).toThrow(
    "Dense(2, 3): activation must be a function such as selu, got class SELU",
  );
  expect(dense({ activation: new nn.SELU() })).toThrow("must be a function such as selu, got SELU");
  expect(() => new nn.Embedding(2, 3, { rng: stream, init: 1 } as never)).toThrow(
    "init must be a function such as heNormal, got 1",
  );
  expect(stream.state()).toEqual(createRng(1).state());
  expect(() => nn.initialize("Mine", undefined as never, [1], stream)).toThrow(
    "Mine: the initializer must be a function such as heNormal, got undefined",
  );
});
