import { createRng, crossEntropy, mse, type Tensor, zeros } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, heNormal, type Layer, namedParameters, ReLU, Sequential, Softmax } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { fit } from "../src/fit.ts";
import type { FitOptions, History } from "../src/index.ts";
import { bitsOf, rejection } from "./support.ts";

const rng = createRng("net");
const yesNo = new Dataset({
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [[0], [1], [1], [0]],
});

function train(net: Layer, data: Dataset, options: Partial<FitOptions> = {}): Promise<History> {
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
  return fit(net, data, { optimizer, loss: mse, epochs: 1, batchSize: 2, rng, ...options });
}

describe("K5: a training in which every gradient is 0 is refused:", () => {
  const message =
    /^fit: the loss is [\d.]+, and its gradient is exactly 0 for every trained parameter and all 4 samples: nothing would/;

  test("a softmax over one unit", async () => {
    const net = new Sequential(
      new Dense(2, 16, { rng }),
      new ReLU(),
      new Dense(16, 1, { rng }),
      new Softmax(),
    );
    const before = bitsOf(net);
    expect(((await rejection(train(net, yesNo))) as Error).message).toMatch(message);
    expect(bitsOf(net)).toEqual(before);
  });

  test("units that are all off, weights that are all 0", async () => {
    const off = new Sequential(
      new Dense(2, 1, { rng, init: zeros, biasInit: () => zeros([1]).sub(1) }),
      new ReLU(),
    );
    expect(((await rejection(train(off, yesNo))) as Error).message).toMatch(message);
    const bare = { rng, init: zeros, bias: false };
    const zero = new Sequential(new Dense(2, 3, bare), new Dense(3, 1, bare));
    expect(((await rejection(train(zero, yesNo))) as Error).message).toMatch(message);
  });

  test("only the trained parameters count", async () => {
    const first = new Dense(2, 3, { rng });
    const net = new Sequential(first, new Dense(3, 1, { rng, init: zeros }));
    const optimizer = new SGD(namedParameters({ layers: [first] }), { learningRate: 0.1 });
    expect(((await rejection(train(net, yesNo, { optimizer }))) as Error).message).toMatch(message);
    await train(net, yesNo);
  });
});

describe("K5: a gradient of 0 is no reason to refuse", () => {
  test("if it is that of the first samples only", async () => {
    const net = new Sequential(
      new Dense(1, 4, { rng, init: heNormal }),
      new ReLU(),
      new Dense(4, 1, { rng, bias: false }),
    );
    const data = new Dataset({ inputs: [[0], [0], [0], [1], [-1]], targets: [[1], [1], [1], [1], [1]] });
    expect((await train(net, data)).epochs).toHaveLength(1);
  });

  test("if the loss is 0: a net that is right already", async () => {
    const net = new Dense(2, 1, { rng, init: zeros });
    const data = new Dataset({
      inputs: [
        [1, 2],
        [3, 4],
      ],
      targets: [[0], [0]],
    });
    expect((await train(net, data)).last?.loss).toBe(0);
    const ignored = (output: Tensor, y: Tensor) => crossEntropy(output, y).mul(0);
    const labels = new Dataset({
      inputs: [
        [1, 2],
        [3, 4],
      ],
      targets: [0, 1],
    });
    expect((await train(new Dense(2, 2, { rng }), labels, { loss: ignored })).last?.loss).toBe(0);
  });
});

describe("K5: a training in which no target counts is refused:", () => {
  const inputs = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const message =
    "fit: none of the 4 targets counts: each one is ignored, or its class or sample has the weight 0";
  const loss: FitOptions["loss"] = crossEntropy;

  test.each([
    ["all are missing", [-100, -100, -100, -100], loss],
    [
      "all have the same class, of weight 0",
      [0, 0, 0, 0],
      (o, y) => crossEntropy(o, y, { classWeights: [0, 1] }),
    ],
  ] as [string, number[], FitOptions["loss"]][])("%s", async (_, targets, loss) => {
    const net = new Dense(2, 2, { rng });
    const before = bitsOf(net);
    const data = new Dataset({ inputs, targets });
    for (const compile of [true, false]) {
      expect(((await rejection(train(net, data, { loss, compile }))) as Error).message).toContain(message);
    }
    expect(bitsOf(net)).toEqual(before);
  });

  test("but not if one counts, in any batch", async () => {
    const data = new Dataset({ inputs, targets: [-100, -100, -100, 1] });
    const history = await train(new Dense(2, 2, { rng }), data, { loss });
    expect(history.epochs[0].loss).toBeGreaterThan(0);
  });
});
