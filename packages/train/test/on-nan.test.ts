import {
  ArgumentError,
  createRng,
  crossEntropy,
  GradusError,
  Parameter,
  type Tensor,
  tensor,
  update,
  zeros,
} from "@gradus/core";
import { findNonFinite } from "@gradus/core/internal";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import { namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DivergenceError, type FitOptions, fit, type OnNaN } from "../src/index.ts";
import { optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

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
          'fit with onNaN: "explain" finds the op where it began',
      );
      expect(error).toMatchObject({ epoch: 1, batch: 1, step: 1, loss });
      expect(weightsOf(net)).toEqual([
        [1, 2],
        [4, 0],
      ]);
    }
  });

  test("nothing that is finite, however large", async () => {
    const { outcome } = await trainInto(1e300, 6);
    expect(outcome).toMatchObject({ stopped: undefined, last: { epoch: 2 } });
  });
});

describe("onNaN", () => {
  test('"stop" ends without an error, and the history says why', async () => {
    const { outcome, net, recorder, weights, stepCount } = await trainInto(Number.NaN, 5, { onNaN: "stop" });
    const message =
      "the loss is NaN in epoch 2, batch 2 (step 5); the weights are left as they were before that step";
    expect(outcome).toMatchObject({ stopped: expect.stringMatching(`^${message.replace(/[()]/g, "\\$&")}`) });
    expect(outcome).toMatchObject({ last: { epoch: 1 } });
    expect(stepCount).toBe(4);
    expect(weightsOf(net)).toEqual(weights[4]);
    expect(recorder.calls.slice(-2)).toEqual(["batch 2.1", "end"]);
    const reason = (outcome as { stopped: string }).stopped;
    expect(recorder.ends).toEqual([{ outcome: "stopped", reason }]);
  });

  test('"ignore" goes on', async () => {
    const { outcome, stepCount, net } = await trainInto(Number.NaN, 2, { onNaN: "ignore" });
    expect(outcome).toMatchObject({ stopped: undefined, last: { epoch: 2 } });
    expect(stepCount).toBe(6);
    expect(weightsOf(net).flat().every(Number.isNaN)).toBe(true);
  });

  test('"throw" is the default; "explain" throws the same where no op began it', async () => {
    // A factor of NaN is no number that an op made.
    for (const onNaN of [undefined, "throw", "explain"] as const) {
      const { outcome } = await trainInto(Number.NaN, 2, onNaN && { onNaN });
      expect(outcome).toBeInstanceOf(DivergenceError);
      expect(outcome).toMatchObject({ epoch: 1, batch: 2, step: 2 });
    }
  });

  test("checks each gradient once, before callbacks see the step", async () => {
    const looked = vi.spyOn(findNonFinite, "run");
    const counts: Partial<Record<OnNaN, number>> = {};
    for (const onNaN of ["throw", "stop", "explain", "ignore"] as const) {
      const net = smallNet();
      looked.mockClear();
      const callbacks = [{ onBackward: () => {} }];
      await fit(net, points(4), optionsFor(net, { epochs: 1, onNaN, callbacks }));
      counts[onNaN] = looked.mock.calls.length;
    }
    expect(counts).toEqual({ throw: 6, stop: 6, explain: 6, ignore: 0 });
    const { recorder } = await trainInto(Number.NaN, 2);
    expect(recorder.calls.slice(-3)).toEqual(["backward 1.1", "batch 1.1", "end"]);
  });

  test("refuses other values, and the options that it replaced", async () => {
    const net = smallNet();
    for (const onNaN of ["Stop", "trap", null, true]) {
      const error = (await rejection(
        fit(net, points(4), optionsFor(net, { onNaN: onNaN as never })),
      )) as Error;
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch('fit: onNaN must be "throw" or "stop" or "explain" or "ignore", got');
    }
    for (const old of [{ numerics: "trap" }, { stopOnNaN: false }]) {
      const error = (await rejection(fit(net, points(4), { ...optionsFor(net), ...old }))) as Error;
      expect(error.message).toMatch(
        `fit: unknown option "${Object.keys(old)[0]}"; did you mean "onNaN"? It takes { optimizer,`,
      );
    }
  });
});

test("loop and kernel find numbers that are not finite, and start from 0 at the next call", () => {
  const flag = zeros([1]);
  const found = (x: Tensor): Tensor => {
    update(findNonFinite, [x], [flag], 1);
    return flag.add(0);
  };
  const compiled = compile(found);
  for (const n of [1, 2, 5, 9000]) {
    const finite = createRng(n).normal([n]);
    expect(found(finite).item()).toBe(0);
    expect(compiled(finite).item()).toBe(0);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const x = tensor(finite.data.map((value, i) => (i === n - 1 ? bad : value)));
      expect(found(x).item()).toBe(1);
      expect(compiled(x).item()).toBe(1);
      expect(compiled(finite).item()).toBe(0);
    }
  }
});
