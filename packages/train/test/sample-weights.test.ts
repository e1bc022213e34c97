import { crossEntropy, mse, type Tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { evaluate, type FitOptions, fit } from "../src/index.ts";
import { bitsOf, layerOf, optionsFor, rejection, trainingRng } from "./support.ts";

const inputs = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const labels = inputs.map(([a, b]) => +(a > b));
const counts = inputs.map((_, i) => i % 3);
const weighted = new Dataset({ inputs, targets: labels, weights: counts });
/** Each sample as often as its weight says. */
const repeated = weighted.select(counts.flatMap((count, i) => Array.from({ length: count }, () => i)));
const plain = new Dataset({
  inputs: [...Array(repeated.size).keys()].map((i) => [...repeated.inputs.subarray(2 * i, 2 * i + 2)]),
  targets: Array.from(repeated.targets),
});
const dense = () => new Dense(2, 2, { rng: trainingRng() });

describe("weights of samples", () => {
  test("count in evaluate as that many samples, for every batch size", () => {
    const net = dense();
    const expected = evaluate(net, plain, { loss: crossEntropy }).loss;
    for (const batchSize of [1, 3, 7, 40]) {
      expect(evaluate(net, weighted, { loss: crossEntropy, batchSize }).loss).toBeCloseTo(expected, 13);
      const own = (output: Tensor, targets: Tensor) => crossEntropy(output, targets, { reduction: "none" });
      expect(evaluate(net, weighted, { loss: own, batchSize }).loss).toBeCloseTo(expected, 13);
    }
  });

  test("train as that many samples; compiled with the same bits", async () => {
    const train = async (dataset: Dataset, changes: Partial<FitOptions> = {}) => {
      const net = dense();
      const optimizer = new SGD(namedParameters(net), { learningRate: 0.5 });
      const history = await fit(
        net,
        dataset,
        optionsFor(net, { optimizer, batchSize: 100, validation: dataset, ...changes }),
      );
      return { net, last: history.last };
    };
    const [a, b] = [await train(weighted), await train(plain)];
    expect(a.last?.loss).toBeCloseTo(b.last?.loss ?? 0, 13);
    expect(a.last?.valLoss).toBeCloseTo(b.last?.valLoss ?? 0, 13);
    a.net.weight.data.forEach((x, i) => {
      expect(x).toBeCloseTo(b.net.weight.data[i], 13);
    });
    for (const batchSize of [7, 100]) {
      const [fast, slow] = [
        await train(weighted, { batchSize }),
        await train(weighted, { batchSize, compile: false }),
      ];
      expect(bitsOf(fast.net)).toEqual(bitsOf(slow.net));
    }
  });

  test("of 0 hide an infinite loss, and a batch of nothing else", () => {
    const net = layerOf((x) => x);
    const huge = new Dataset({ inputs: [[1e200], [1], [2]], targets: [[0], [0], [0]], weights: [0, 1, 1] });
    for (const batchSize of [1, 2, 3]) expect(evaluate(net, huge, { loss: mse, batchSize }).loss).toBe(2.5);
  });

  test("K4: a missing class target has the weight 0", () => {
    const data = new Dataset({
      inputs,
      targets: labels.map((label, i) => (i === 5 ? -100 : label)),
      weights: counts,
    });
    const without = weighted.select(inputs.map((_, i) => i).filter((i) => i !== 5));
    const net = dense();
    const expected = evaluate(net, without, { loss: crossEntropy }).loss;
    expect(evaluate(net, data, { loss: crossEntropy, batchSize: 7 }).loss).toBeCloseTo(expected, 13);
  });

  test("weigh all numbers of a target alike", () => {
    const net = layerOf((x) => x);
    const data = new Dataset({
      inputs: [
        [1, 3],
        [2, 2],
      ],
      targets: [
        [0, 0],
        [0, 0],
      ],
      weights: [1, 3],
    });
    expect(evaluate(net, data, { loss: mse }).loss).toBe((5 * 1 + 4 * 3) / 4);
  });

  test("are refused with a loss that gives no loss for each sample", async () => {
    const mean = (output: Tensor, targets: Tensor) => crossEntropy(output, targets);
    const message = "the samples have weights, so the loss must give a loss for each of the";
    expect(() => evaluate(dense(), weighted, { loss: mean })).toThrow(message);
    const net = dense();
    const before = bitsOf(net);
    expect(String(await rejection(fit(net, weighted, optionsFor(net, { loss: mean }))))).toMatch(message);
    expect(bitsOf(net)).toEqual(before);
    const flat = (output: Tensor, targets: Tensor) =>
      crossEntropy(output, targets, { reduction: "none" }).slice({ axis: 0, start: 0, end: 1 });
    expect(() => evaluate(dense(), weighted, { loss: flat })).toThrow(message);
  });
});
