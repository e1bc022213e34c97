import { crossEntropy, GradusError, Parameter, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { DivergenceError, type FitOptions, fit, stopOnNaN } from "../src/index.ts";
import { optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

const weightsOf = (net: object) => namedParameters(net).map(([, x]) => [...x.data]);

/** Trains until the loss of the n-th batch is multiplied by `factor`. */
async function trainInto(factor: number, n: number, changes: Partial<FitOptions> = {}) {
  const net = smallNet();
  const recorder = new Recorder();
  const weights = [weightsOf(net)];
  let calls = -1; // the trial
  const loss = (y: Tensor, t: Tensor) => crossEntropy(y, t).mul(++calls === n ? factor : 1);
  const { callbacks = [], ...others } = changes;
  const watch = { onBatchEnd: () => void weights.push(weightsOf(net)) };
  const options = optionsFor(net, { loss, ...others, callbacks: [...callbacks, watch, recorder] });
  const outcome = await fit(net, points(10), options).catch((error: unknown) => error);
  return { outcome, net, recorder, weights, stepCount: options.optimizer.stepCount };
}

describe("fit ends at", () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    test(`a loss that becomes ${value}, and says where`, async () => {
      const { outcome, net, recorder, weights, stepCount } = await trainInto(value, 5);
      expect(outcome).toBeInstanceOf(DivergenceError);
      expect(outcome).toBeInstanceOf(GradusError);
      expect(outcome).toMatchObject({ name: "DivergenceError", epoch: 2, batch: 2, step: 5, loss: value });
      expect(String(outcome)).toMatch(
        `DivergenceError: fit: the loss is ${value} in epoch 2, batch 2 (step 5); the weights are left as they were`,
      );
      expect(stepCount).toBe(4);
      expect(weightsOf(net)).toEqual(weights[4]);
      expect(recorder.calls.slice(-2)).toEqual(["batch 2.1", "end"]);
      expect(recorder.ends).toEqual([{ outcome: "failed", error: outcome }]);
    });
  }

  test("a gradient that is not finite, and names the parameter and the loss", async () => {
    // The slope of √x at 0 is infinite, and that of √(0·x) is ∞·0 = NaN.
    for (const factor of [1, 0]) {
      const net = {
        fine: new Parameter(tensor([1, 2])),
        loss: new Parameter(tensor([4, 0])),
        forward(x: Tensor) {
          return x.mul(net.fine).sum().add(net.loss.mul(factor).sqrt().sum());
        },
      };
      const optimizer = new SGD(namedParameters(net));
      const data = new Dataset({ inputs: [[1, 1]], targets: [0] });
      const options = optionsFor(net, { optimizer, loss: (y) => y.mean() });
      const error = (await rejection(fit(net, data, options))) as DivergenceError;
      expect(error).toBeInstanceOf(DivergenceError);
      const loss = 3 + 2 * factor;
      expect(error.message).toBe(
        `fit: the gradient of "loss" is not finite, at a loss of ${loss}, in epoch 1, batch 1 (step 1); the weights are ` +
          "left as they were before that step. Try a lower learning rate or clipping, and check that the inputs are scaled; " +
          'fit with numerics: "trap" finds the op where it began',
      );
      expect(error).toMatchObject({ epoch: 1, batch: 1, step: 1, loss });
      expect(weightsOf(net)).toEqual([
        [1, 2],
        [4, 0],
      ]);
    }
  });

  test("nothing if told so, or where all is well", async () => {
    const { outcome, stepCount, net } = await trainInto(Number.NaN, 2, { stopOnNaN: false });
    expect(outcome).toMatchObject({ stopped: undefined, last: { epoch: 2 } });
    expect(stepCount).toBe(6);
    expect(weightsOf(net).flat().every(Number.isNaN)).toBe(true);
    const huge = await trainInto(1e300, 6);
    expect(huge.outcome).not.toBeInstanceOf(DivergenceError); // finite, however large
  });
});

describe("stopOnNaN", () => {
  test("can stop without an error", async () => {
    const callbacks = [stopOnNaN({ action: "stop" })];
    const { outcome, net, recorder, weights, stepCount } = await trainInto(Number.NaN, 5, { callbacks });
    const message =
      "the loss is NaN in epoch 2, batch 2 (step 5); the weights are left as they were before that step";
    expect(outcome).toMatchObject({ stopped: expect.stringMatching(`^${message.replace(/[()]/g, "\\$&")}`) });
    expect(outcome).toMatchObject({ last: { epoch: 1 } });
    expect(stepCount).toBe(4);
    expect(weightsOf(net)).toEqual(weights[4]);
    expect(recorder.ends).toMatchObject([{ outcome: "stopped" }]);
  });

  test("throws by default, also where fit was told not to add its own", async () => {
    const { outcome } = await trainInto(Number.NaN, 2, { callbacks: [stopOnNaN()], stopOnNaN: false });
    expect(outcome).toBeInstanceOf(DivergenceError);
  });

  test("looks at each gradient once, whether passed or not", async () => {
    const counts: number[] = [];
    for (const callbacks of [[], [stopOnNaN()], [stopOnNaN({ action: "stop" })]]) {
      const net = smallNet();
      let looked = 0;
      const counter = {
        onBackward(_batch: unknown, gradients: { get(x: Tensor): Tensor | undefined }) {
          const { get } = gradients;
          gradients.get = (x) => {
            looked++;
            return get.call(gradients, x);
          };
        },
      };
      // In front of a callback given explicitly, but behind the one that fit adds.
      await fit(net, points(4), optionsFor(net, { epochs: 1, callbacks: [counter, ...callbacks] }));
      counts.push(looked);
    }
    expect(counts).toEqual([6, 12, 12]);
  });

  test("comes before callbacks, so that they see no step that is not made", async () => {
    const { recorder } = await trainInto(Number.NaN, 2);
    expect(recorder.calls.slice(-3)).toEqual(["backward 1.1", "batch 1.1", "end"]);
  });

  test("refuses an unknown action", () => {
    for (const action of ["ignore", null, true]) {
      expect(() => stopOnNaN({ action: action as never })).toThrow(
        'stopOnNaN: action must be "throw" or "stop", got',
      );
    }
  });
});
