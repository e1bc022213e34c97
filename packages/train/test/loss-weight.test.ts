import { createRng, crossEntropy, mse, tensor, weightedMean } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { evaluate, type FitOptions, fit, type Loss } from "../src/index.ts";
import { bitsOf, layerOf } from "./support.ts";

// PyTorch 1.13: nn.functional.cross_entropy(inputs, targets, weight=…) in float64.
const inputs = [1, 0, 0, 2, 3, 1, 0, 1];
const data = (targets: number[]): Dataset => new Dataset({ inputs, inputShape: [2], targets });
const weighted: Loss = (output, targets) => crossEntropy(output, targets, { classWeights: [1, 9] });
const WEIGHTED = 1.0955613786904979;
const IGNORED = 1.2200948492805979;

const masked: Loss = (output, targets) =>
  weightedMean(mse(output.slice({ axis: 1, end: 1 }).flatten(), targets, { reduction: "none" }), targets);
// Targets [0, 1, 1, 0]: ((0 − 1)² + (3 − 1)²)/2.
const MASKED = 2.5;

describe("K3: the loss of an epoch", () => {
  for (const batchSize of [4, 3, 2, 1]) {
    test(`is the same in evaluate with batches of ${batchSize}`, () => {
      const net = layerOf((x) => x);
      const lossOf = (targets: number[], loss: Loss): number =>
        evaluate(net, data(targets), { loss, batchSize }).loss;
      expect(lossOf([0, 1, 1, 0], weighted)).toBeCloseTo(WEIGHTED, 14);
      expect(lossOf([0, 1, 1, 0], (o, y) => weighted(o, y).mul(2).add(1))).toBeCloseTo(2 * WEIGHTED + 1, 14);
      expect(lossOf([0, -100, 1, -100], crossEntropy)).toBeCloseTo(IGNORED, 14);
      expect(lossOf([0, 1, 1, 0], masked)).toBeCloseTo(MASKED, 14);
      expect(evaluate(net, data([0, -100, 1, -100]), { loss: crossEntropy, batchSize }).accuracy).toBe(0.5);
    });

    for (const compile of [true, false]) {
      test(`is the same in fit with batches of ${batchSize}, ${compile ? "compiled" : "op by op"}`, async () => {
        for (const [targets, loss, expected] of [
          [[0, 1, 1, 0], weighted, WEIGHTED],
          [[0, -100, 1, -100], crossEntropy, IGNORED],
        ] as const) {
          // The weights are those of the identity, and the rate is 0.
          const net = new Dense(2, 2, { rng: createRng(1), bias: false });
          net.weight.assign(tensor([1, 0, 0, 1], [2, 2]));
          const options: FitOptions = {
            optimizer: new Adam(namedParameters(net), { learningRate: 0 }),
            loss,
            epochs: 1,
            batchSize,
            rng: createRng(2),
            compile,
            validation: data([...targets]),
          };
          const [epoch] = (await fit(net, data([...targets]), options)).epochs;
          expect(epoch.loss).toBeCloseTo(expected, 14);
          expect(epoch.valLoss).toBeCloseTo(expected, 14);
        }
      });
    }
  }

  test("counts as before, to the last bit, if all targets count", () => {
    // Positions: Σ w is 6 for a batch of 3 samples with 2 positions, which counts as 3.
    const net = layerOf((x) => x);
    const images = new Dataset({
      inputs: [...Array(16).keys()],
      inputShape: [2, 2],
      targets: [0, 1, 1, 0, 1, 1, 0, 0],
      targetShape: [2],
    });
    const [a, b] = [images.batch([0, 1, 2]), images.batch([3])].map(({ inputs, targets }) =>
      crossEntropy(inputs, targets).item(),
    );
    expect(evaluate(net, images, { loss: crossEntropy, batchSize: 3 }).loss).toBe((a * 3 + b) / 4);
  });
});

describe("K3: a batch in which no target counts", () => {
  const net = (): Sequential => new Sequential(new Dense(2, 2, { rng: createRng("net") }));
  const run = async (targets: number[], changes: Partial<FitOptions> = {}): Promise<unknown> => {
    const trained = net();
    const optimizer = new Adam(namedParameters(trained), { weightDecay: 0.1 });
    const steps: number[] = [];
    const history = await fit(trained, data(targets), {
      optimizer,
      loss: crossEntropy,
      epochs: 2,
      batchSize: 1,
      rng: createRng("order"),
      callbacks: [{ onBatchEnd: ({ step }) => void steps.push(step) }],
      ...changes,
    });
    return {
      steps,
      bits: bitsOf(trained),
      count: optimizer.stepCount,
      losses: history.epochs.map(({ loss }) => loss),
    };
  };

  test("makes no step, and the others are those of a set without it", async () => {
    for (const changes of [{}, { compile: false }, { onNaN: "explain" }, { onNaN: "ignore" }] as const) {
      const found = (await run([0, -100, 1, -100], changes)) as { steps: number[]; count: number };
      expect(found.steps).toEqual([1, 2, 3, 4]);
      expect(found.count).toBe(4);
      expect(found).toEqual(await run([0, -100, 1, -100]));
    }
  });

  test("is also one in which all targets have class weight 0", async () => {
    const loss: Loss = (o, y) => crossEntropy(o, y, { classWeights: [0, 1] });
    const { count } = (await run([0, 0, 1, 0], { loss })) as { count: number };
    expect(count).toBe(2);
  });
});
