import { ArgumentError, createRng, relu, type Tensor } from "@gradus/core";
import { expect, test } from "vitest";
import * as nn from "../src/index.ts";

const rng = createRng("inputs");
const layers: readonly nn.Layer[] = [
  new nn.Dense(2, 3, { rng }),
  new nn.Sequential(),
  new nn.Sequential({ forward: (x: Tensor) => x.relu() }, new nn.Dense(2, 3, { rng })),
  new nn.Dropout(0.5),
  new nn.AlphaDropout(0.5),
  new nn.FeatureAlphaDropout(0.5),
  new nn.BatchNorm(2),
  new nn.LayerNorm(2),
  new nn.Embedding(3, 2, { rng }),
  new nn.SimpleRNN(2, 3, { rng }),
  new nn.GRU(2, 3, { rng }),
  new nn.LSTM(2, 3, { rng }),
  new nn.Bidirectional(new nn.GRU(2, 3, { rng }), new nn.GRU(2, 3, { rng })),
  new nn.Flatten(),
  new nn.MultiHeadAttention(2, 1, { rng }),
  new nn.TransformerBlock(2, 1, { rng }),
  new nn.SinusoidalPositions(2),
  new nn.LearnedPositions(2, 2, { rng }),
  new nn.PReLU(),
  new nn.RReLU(),
  new nn.Softmax(),
  new nn.SELU(),
  new nn.GELU(),
  new nn.FunctionLayer(relu),
];

test.each(layers.map((layer) => [layer.constructor.name, layer] as const))(
  "K13: %s refuses an array in place of a tensor, in training too",
  (_, layer) => {
    for (const [value, shown] of [
      [[[0, 1]], "[[0,1]]; tensor(array) makes one"],
      [new Float32Array(2), "Float32Array; tensor(numbers, [n, ...]) makes one"],
      [undefined, "undefined"],
      ["x", '"x"'],
    ] as const) {
      for (const mode of [undefined, { train: true, rng } as const]) {
        const run = (): unknown => layer.forward(value as never, mode);
        expect(run).toThrow(`: forward takes a tensor, got ${shown}`);
        expect(run).toThrow(ArgumentError);
      }
    }
  },
);

test("K13: the message begins with the layer, on one line", () => {
  const net = new nn.Sequential(new nn.Dense(2, 3, { rng }));
  expect(() => net.forward([[0, 1]] as never)).toThrow(
    /^Sequential: forward takes a tensor, got \[\[0,1\]\]/,
  );
  expect(() => net.layers[0].forward([[0, 1]] as never)).toThrow(/^Dense\(2, 3\): forward takes a tensor/);
});
