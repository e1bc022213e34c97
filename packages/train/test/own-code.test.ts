import { crossEntropy, defineOp, type Tensor, tanh } from "@gradus/core";
import {
  AlphaDropout,
  AvgPool1d,
  AvgPool2d,
  BatchNorm,
  Bidirectional,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  Dense,
  Dropout,
  Embedding,
  FeatureAlphaDropout,
  Flatten,
  FunctionLayer,
  GlobalAveragePool,
  GRU,
  type Layer,
  LayerNorm,
  LeakyReLU,
  LearnedPositions,
  LSTM,
  layerOps,
  MaxPool1d,
  MaxPool2d,
  MultiHeadAttention,
  PReLU,
  RReLU,
  SELU,
  Sequential,
  SimpleRNN,
  SinusoidalPositions,
  TransformerBlock,
  Upsample,
} from "@gradus/nn";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isOwn, ownCode } from "../src/own-code.ts";
import { trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const rng = trainingRng();
const dense = (): Dense => new Dense(2, 2, { rng });
const loss = (y: Tensor, t: Tensor): Tensor => crossEntropy(y, t);
const square = defineOp<[x: Tensor]>({
  name: "squareOfMine",
  formula: "y = x²",
  shape: ([x]) => x,
  forward: ([x], out) => out.set(x.data.map((v) => v * v)),
  vjp: [null],
});

/** A layer with a counter, as a program may write it. */
class Mine extends Dropout {
  calls = 0;
  override forward(x: Tensor): Tensor {
    return this.calls++ > 1000 ? x.mul(2) : x;
  }
}

describe("K18: code that reads only arguments and fields", () => {
  test("is that of all layers of @gradus/nn and of the ops of @gradus/core", () => {
    const layers: readonly Layer[] = [
      new Dense(2, 2, { rng, activation: tanh }),
      new Dropout(0.5),
      new AlphaDropout(0.1),
      new FeatureAlphaDropout(0.1),
      new BatchNorm(2),
      new LayerNorm(2),
      new Embedding(3, 2, { rng }),
      new Flatten(),
      new FunctionLayer(tanh),
      new PReLU(2),
      new RReLU(),
      new SELU(),
      new LeakyReLU({ slope: 0.2 }),
      new Sequential(new Sequential(dense()), tanh),
      new GRU(2, 2, { rng, layers: 2 }),
      new LSTM(2, 2, { rng }),
      new SimpleRNN(2, 2, { rng }),
      new Bidirectional(new GRU(2, 2, { rng }), new LSTM(2, 2, { rng })),
      new MultiHeadAttention(4, 2, { rng }),
      new SinusoidalPositions(4),
      new LearnedPositions(3, 4, { rng }),
      new TransformerBlock(4, 2, { rng, dropout: 0.1 }),
      new Conv1d(2, 2, 3, { rng, padding: "same" }),
      new Conv2d(2, 2, [3, 1], { rng, stride: [2, 1], activation: tanh }),
      new ConvTranspose2d(2, 2, 2, { rng, stride: 2 }),
      new MaxPool1d(2),
      new MaxPool2d([2, 1]),
      new AvgPool1d(2),
      new AvgPool2d(2, { padding: [1, 0] }),
      new GlobalAveragePool(),
      new Upsample([2, 1]),
    ];
    for (const layer of layers) expect([String(layer), ownCode(layer)()]).toEqual([String(layer), 0]);
    expect(ownCode(new Sequential(...layers))()).toBe(0);
  });

  const foreign: Readonly<Record<string, () => Layer>> = {
    "a layer of a program": () => ({ forward: (x) => x }),
    "a layer of a program in a net of gradus": () => new Sequential(dense(), { forward: (x) => x }),
    "a layer that extends one of gradus": () => new Sequential(new Mine(0.5)),
    "a function of a program": () => new Sequential(dense(), (x) => x.mul(2)),
    "an op of a program": () => new Sequential(dense(), square),
    "an activation of a program": () => new Dense(2, 2, { rng, activation: (x) => x.tanh() }),
    "an op that needs params": () => new FunctionLayer((x) => layerOps.dropout(x, { p: 0.5, rng })),
    "a forward of its own": () => Object.assign(new Dropout(0.5), { forward: (x: Tensor) => x }),
    "a borrowed forward": () => ({ ...dense(), forward: Dense.prototype.forward }),
    "another method that forward calls": () =>
      Object.assign(new GRU(2, 2, { rng }), { stepOf: (x: Tensor) => [x] }),
    "another method that forward calls, of a layer in a field": () => {
      const back = Object.assign(new GRU(2, 2, { rng }), { run: (x: Tensor) => ({ output: x, states: [] }) });
      return new Bidirectional(new GRU(2, 2, { rng }), back);
    },
    "a getter": () => Object.defineProperty(dense(), "bias", { get: () => null, configurable: true }),
    "a list of layers of another class": () => {
      class Layers extends Array<Layer> {}
      return Object.assign(new Sequential(), { layers: Layers.of(dense()) });
    },
    "a weight that is computed": () => {
      const layer = dense();
      return Object.assign(layer, { weight: layer.weight.mul(2) });
    },
  };
  for (const [name, make] of Object.entries(foreign)) {
    test(`is not that of ${name}`, () => {
      expect(ownCode(make())()).toBe(null);
    });
  }

  test("is not that of a loss of a program", () => {
    expect(isOwn(crossEntropy)).toBe(true);
    expect(isOwn(loss)).toBe(false);
    expect(isOwn(Object.assign(loss, { spec: crossEntropy.spec }))).toBe(false);
  });

  test("gives another number after each change of a field, and null once there is other code", () => {
    const first = new Dense(2, 2, { rng, activation: tanh });
    const dropout = new AlphaDropout(0.1);
    const conv = new Conv2d(2, 2, 3, { rng, stride: [2, 1] });
    const pool = new MaxPool2d(2);
    const net = new Sequential(first, dropout, new BatchNorm(2), conv, pool);
    const state = ownCode(net);
    const changes: (readonly [object, object])[] = [
      [first, { activation: null }],
      [first, { weight: dense().weight }],
      [first, { bias: null }],
      [net.layers[0], { activation: tanh }],
      [dropout, { p: 0.2 }],
      [dropout.fixedPoint, { 1: 2 }],
      [net.layers[2], { momentum: 0.2 }],
      [conv.params, { groups: 2 }],
      [conv.params.stride as object, { 0: 1 }],
      [net, { layers: [...net.layers, new Flatten()] }],
    ];
    expect(state()).toBe(0);
    expect(() => Object.assign(pool.params, { padding: 1 })).toThrow(TypeError); // it has no such key yet
    changes.forEach(([object, change], i) => {
      Object.assign(object, change);
      expect([state(), state()]).toEqual([i + 1, i + 1]);
    });
    expect(() => Object.assign(first.weight, { tracked: false })).toThrow(
      "tracked of a tensor cannot be assigned",
    );
    (net.layers as unknown as Layer[]).push(new Dropout(0.1));
    expect(state()).toBe(changes.length + 1);
    (net.layers as unknown as Layer[])[0] = { forward: (x) => x };
    expect([state(), state()]).toEqual([null, null]);
  });

  test("gives another number after a change of a cell of a recurrent layer", () => {
    const layer = new GRU(2, 2, { rng });
    const state = ownCode(layer);
    expect(state()).toBe(0);
    Object.assign(layer.cells[0], { bias: null });
    expect(state()).toBe(1);
  });

  test.each(["forward", "run", "stepOf"] as const)("is not that of a class whose %s was replaced", (name) => {
    const net = new Bidirectional(new GRU(2, 2, { rng }), new SimpleRNN(2, 2, { rng }));
    const state = ownCode(net);
    expect(state()).toBe(0);
    vi.spyOn(GRU.prototype as unknown as Record<string, () => unknown>, name).mockImplementation(() => []);
    expect([state(), ownCode(net)()]).toEqual([null, null]);
  });

  test("is not that of a class whose forward was replaced", () => {
    const state = ownCode(dense());
    expect(state()).toBe(0);
    vi.spyOn(Dense.prototype, "forward").mockImplementation((x) => x);
    expect([state(), ownCode(dense())()]).toEqual([null, null]);
  });
});
