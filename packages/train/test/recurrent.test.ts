import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backward, createRng, flatten, mse, relu, square, sum, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import { loadWeights, saveWeights } from "@gradus/io";
import {
  Bidirectional,
  Dense,
  GRU,
  LSTM,
  layerOutputs,
  namedParameters,
  namedTensors,
  type Recurrent,
  Sequential,
  SimpleRNN,
} from "@gradus/nn";
import { Adam, SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import {
  expectNear,
  golden,
  parametersOf,
  read,
  recurrentOf,
} from "../../nn/test/layers/recurrent/golden.ts";
import { type FitOptions, fit, summary } from "../src/index.ts";
import { bitsOf } from "./support.ts";

const rng = createRng("recurrent");

describe.each([false, true])(
  "a training has the losses and weights of PyTorch, compiled: %s,",
  (compiled) => {
    test.each(golden.trajectories.map((item) => [item.name, item] as const))("%s", (_, item) => {
      const layer = recurrentOf(item, item.cells);
      const dense = new Dense(item.size, 1, { rng });
      dense.weight.assign(read(item.dense.weight));
      dense.bias?.assign(read(item.dense.bias));
      const net = new Sequential(layer, dense);
      const optimizer = new { Adam, SGD }[item.optimizer](namedParameters(net), item.options);
      const step = (x: Tensor, y: Tensor): Tensor => {
        const loss = mse(net.forward(x), y);
        optimizer.step(backward(loss));
        return loss;
      };
      const train = compiled ? compile(step) : step;
      item.losses.forEach((expected, i) => {
        const loss = train(read(item.x), read(item.y)).item();
        expect(Math.abs(loss - expected), `loss ${i}: ${loss}`).toBeLessThanOrEqual(1e-9 * expected);
      });
      layer.cells.forEach((cell, i) => {
        for (const name of parametersOf(cell)) {
          expectNear(cell[name] as Tensor, item.last.cells[i][name]!, 1e-9, name);
        }
      });
      expectNear(dense.weight, item.last.dense.weight, 1e-9, "dense");
    });
  },
);

const kinds: Readonly<Record<string, (options?: object) => Recurrent>> = {
  SimpleRNN: (options = {}) => new SimpleRNN(3, 2, { rng, ...options }),
  "SimpleRNN with relu": (options = {}) => new SimpleRNN(3, 2, { rng, activation: relu, ...options }),
  GRU: (options = {}) => new GRU(3, 2, { rng, ...options }),
  "GRU with resetAfter: false": (options = {}) => new GRU(3, 2, { rng, resetAfter: false, ...options }),
  LSTM: (options = {}) => new LSTM(3, 2, { rng, ...options }),
};

test.each(Object.entries(kinds))(
  "%s has the same bits compiled, with lengths and states as arguments",
  (_, make) => {
    const layer = make({ layers: 2, returnSequences: true });
    const parameters = namedParameters(layer).map(([, parameter]) => parameter);
    const step = (x: Tensor, lengths: Tensor, ...states: Tensor[]): Tensor[] => {
      const result = layer.run(x, { lengths, states });
      const gradients = backward(sum(square(result.output)));
      return [result.output, ...result.states, ...parameters.map((parameter) => gradients.of(parameter))];
    };
    const compiled = compile(step);
    for (const lengths of [
      [3, 0, 4],
      [1, 2, 4],
    ]) {
      const x = rng.normal([3, 4, 3]);
      const states = layer.run(rng.normal([3, 2, 3])).states.map((state) => state.detach());
      const bits = (tensors: readonly Tensor[]): number[][] => tensors.map(({ data }) => [...data]);
      const args = [x, tensor(lengths), ...states] as const;
      expect(bits(compiled(...args))).toEqual(bits(step(...args)));
      expect(() => compiled(x, tensor([5, 0, 0]), ...states)).toThrow(
        "a length must be a whole number from 0 to 4, because the sequences have 4 steps; length 0 is 5",
      );
    }
  },
);

const seriesNet = (seed: string): Sequential => {
  const own = createRng(seed);
  const options = (name: string) => ({ rng: own.split(name), returnSequences: true });
  return new Sequential(
    new Bidirectional(new GRU(3, 4, options("a")), new SimpleRNN(3, 2, options("b"))),
    new LSTM(6, 5, { rng: own.split("c"), layers: 2 }),
    new Dense(5, 1, { rng: own.split("d") }),
  );
};

test("summary, layerOutputs and saved weights know it", () => {
  const net = seriesNet("one");
  // GRU: 3·12 + 4·12 + 2·12 = 108, SimpleRNN: 3·2 + 2·2 + 2 = 12, LSTM: 6·20 + 5·20 + 20 = 240, then 5·20 + 5·20 + 20 = 220
  expect(
    summary(net, [7, 3])
      .split("\n")
      .slice(2, 6)
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ["input", "[n,7,3]", "0"],
    [
      "Bidirectional(GRU(3, 4, returnSequences=true), SimpleRNN(3, 2, returnSequences=true))",
      "[n,7,6]",
      "120",
    ],
    ["LSTM(6, 5, layers=2)", "[n,5]", "460"],
    ["Dense(5, 1)", "[n,1]", "6"],
  ]);
  const shapes = layerOutputs(net, rng.normal([2, 7, 3])).map(({ output }) => output.shape);
  expect(shapes).toEqual([
    [2, 7, 6],
    [2, 5],
    [2, 1],
  ]);
  expect(
    namedTensors(net)
      .map(([name]) => name)
      .slice(3, 9),
  ).toEqual([
    "layers.0.forwardLayer.cells.0.recurrentBias",
    "layers.0.backwardLayer.cells.0.weight",
    "layers.0.backwardLayer.cells.0.recurrentWeight",
    "layers.0.backwardLayer.cells.0.bias",
    "layers.1.cells.0.weight",
    "layers.1.cells.0.recurrentWeight",
  ]);
  const other = seriesNet("two");
  expect(bitsOf(other)).not.toEqual(bitsOf(net));
  loadWeights(other, saveWeights(net));
  expect(bitsOf(other)).toEqual(bitsOf(net));
});

test("a training that was interrupted and resumed has the bits of one that was not, compiled or not", async () => {
  const inputs = createRng("series").normal([20, 5, 3]);
  const targets = sum(inputs, { axes: [1, 2] }).data;
  const dir = mkdtempSync(join(tmpdir(), "gradus-recurrent-"));
  const train = async (options: Partial<FitOptions>): Promise<bigint[]> => {
    const net = seriesNet("one");
    await fit(net, new Dataset({ inputs, targets }), {
      optimizer: new Adam(namedParameters(net), { learningRate: 0.02 }),
      loss: (out, y) => mse(flatten(out), flatten(y)),
      epochs: 2,
      batchSize: 8,
      rng: createRng("order"),
      ...options,
    });
    return bitsOf(net);
  };
  try {
    const whole = await train({});
    expect(await train({ compile: false })).toEqual(whole);
    await train({ epochs: 1, checkpoint: { dir } });
    expect(await train({ checkpoint: { dir }, resume: true })).toEqual(whole);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
