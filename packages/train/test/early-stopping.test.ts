import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crossEntropy, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  type Callback,
  type EarlyStoppingOptions,
  earlyStopping,
  type FitOptions,
  fit,
} from "../src/index.ts";
import { bitsOf, optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

/**
 * Trains with a metric "score" that has these values on validation data, one per epoch.
 *
 * @returns the history, the callback and the bits of the net after each epoch.
 */
async function train(
  scores: readonly number[],
  options: EarlyStoppingOptions = {},
  changes: Partial<FitOptions> = {},
) {
  const net = smallNet();
  const bits = [bitsOf(net)];
  const { callbacks = [], ...others } = changes;
  let epoch = 0;
  const counter: Callback = {
    onEpochBegin(k) {
      epoch = k;
    },
    onEpochEnd: () => void bits.push(bitsOf(net)),
  };
  const score = (output: Tensor) => scores[epoch - 1] * output.shape[0];
  const stopping = earlyStopping({ monitor: "valScore", direction: "max", ...options });
  const outcome = await fit(
    net,
    points(8),
    optionsFor(net, {
      epochs: scores.length,
      metrics: { score },
      validation: points(4, "validation"),
      callbacks: [counter, stopping, ...callbacks],
      ...others,
    }),
  ).catch((error: unknown) => error);
  return { outcome: outcome as Awaited<ReturnType<typeof fit>>, net, bits, stopping };
}

/** Which of the epochs the net has the weights and buffers of, bit for bit. */
const epochOf = ({ net, bits }: { net: object; bits: bigint[][] }) => {
  const now = bitsOf(net).join();
  return bits.findIndex((some) => some.join() === now);
};

describe("earlyStopping gives back the weights and buffers of the best epoch", () => {
  test("when it stops training", async () => {
    const result = await train([1, 5, 3, 4, 4, 9], { patience: 3 });
    expect(result.outcome.stopped).toBe(
      "earlyStopping: valScore did not improve in 3 epochs; best was epoch 2",
    );
    expect(result.outcome.epochs.length).toBe(5);
    expect(result.stopping).toMatchObject({ bestEpoch: 2, bestValue: 5 });
    expect(epochOf(result)).toBe(2);
  });

  test("when all epochs are done", async () => {
    const result = await train([1, 5, 3, 4]);
    expect(result.outcome.stopped).toBeUndefined();
    expect(result.outcome.epochs.length).toBe(4);
    expect(epochOf(result)).toBe(2);
    expect(epochOf(await train([1, 2, 3]))).toBe(3);
  });

  test("when training is aborted", async () => {
    const controller = new AbortController();
    const abort = { onBatchEnd: ({ epoch }: { epoch: number }) => void (epoch === 4 && controller.abort()) };
    const result = await train([1, 5, 3, 4], {}, { callbacks: [abort], signal: controller.signal });
    expect(result.outcome).toBe(controller.signal.reason);
    expect(epochOf(result)).toBe(2);
  });

  test("when another callback throws or stops, before it or after it", async () => {
    const problem = new Error("disk full");
    const fail = (k: number) => {
      if (k === 4) throw problem;
    };
    for (const bad of [
      { onEpochBegin: fail },
      { onEpochEnd: ({ epoch }: { epoch: number }) => fail(epoch) },
    ]) {
      const result = await train([1, 5, 3, 4, 6], {}, { callbacks: [bad] });
      expect(result.outcome).toBe(problem);
      expect(epochOf(result)).toBe(2);
    }
    const stop: Callback = {
      onBatchEnd: ({ epoch }, training) => void (epoch === 3 && training.stop("enough")),
    };
    expect(epochOf(await train([1, 5, 9], {}, { callbacks: [stop] }))).toBe(2);
    const late = {
      onTrainEnd() {
        throw problem;
      },
    };
    expect(epochOf(await train([1, 5, 3], {}, { callbacks: [late] }))).toBe(2);
  });

  test("when the loss becomes NaN", async () => {
    let calls = 0;
    const loss = (y: Tensor, t: Tensor) => crossEntropy(y, t).mul(++calls === 15 ? Number.NaN : 1);
    const result = await train([5, 1, 1, 1, 1], {}, { loss, compile: false });
    expect(String(result.outcome)).toMatch("DivergenceError: fit: the loss is NaN");
    expect(epochOf(result)).toBe(1);
  });
});

describe("earlyStopping", () => {
  test("leaves the last weights under restoreBest: false, and the first if no epoch was finished", async () => {
    expect(epochOf(await train([1, 5, 3, 4], { restoreBest: false }))).toBe(4);
    const stop: Callback = { onEpochBegin: (_epoch, training) => training.stop("at once") };
    const result = await train([1, 2], {}, { callbacks: [stop] });
    expect(epochOf(result)).toBe(0);
    expect(result.stopping).toMatchObject({ bestEpoch: undefined, bestValue: undefined });
  });

  test("counts epochs in a row", async () => {
    expect((await train([1, 0, 2, 1, 3, 2, 4], { patience: 2 })).outcome.stopped).toBeUndefined();
    const { outcome } = await train([1, 0, 2, 1, 1, 3], { patience: 2 });
    expect(outcome.stopped).toBe("earlyStopping: valScore did not improve in 2 epochs; best was epoch 3");
    expect((await train([2, 2], { patience: 1 })).outcome.stopped).toMatch("in 1 epoch; best was epoch 1");
    const six = await train([6, 5, 5, 5, 5, 5, 7]);
    expect(six.outcome.epochs.length).toBe(6); // the default patience is 5
  });

  test("ignores improvements up to minDelta for patience, but keeps the best weights", async () => {
    const result = await train([1, 1.25, 1.5, 1.75, 2], { patience: 2, minDelta: 0.5 });
    // 1.5 is better than 1 by just 0.5: not by more.
    expect(result.outcome.epochs.length).toBe(3);
    expect(result.stopping).toMatchObject({ bestEpoch: 3, bestValue: 1.5 });
    expect(epochOf(result)).toBe(3);
    const slow = await train([1, 1.25, 1.75, 2, 2.5], { patience: 2, minDelta: 0.5 });
    expect(slow.outcome.epochs.length).toBe(5);
    const falling = await train([5, 4.75, 4.5, 3], { patience: 2, minDelta: 0.5, direction: "min" });
    expect(falling.outcome.epochs.length).toBe(3);
    expect(falling.stopping.bestEpoch).toBe(3);
  });

  test("never counts NaN as an improvement or as the best value", async () => {
    const nan = Number.NaN;
    const result = await train([nan, 3, nan, nan, 9], { patience: 2 });
    expect(result.outcome.epochs.length).toBe(4);
    expect(result.stopping).toMatchObject({ bestEpoch: 2, bestValue: 3 });
    expect(epochOf(result)).toBe(2);
    const never = await train([nan, nan, 1], { patience: 2 });
    expect(never.outcome.stopped).toBe(
      "earlyStopping: valScore did not improve in 2 epochs; it was never a number",
    );
    expect(epochOf(never)).toBe(2); // no best: left as they are
  });

  test("uses the first of equal epochs, and accepts infinite values", async () => {
    expect((await train([5, 5, 5])).stopping.bestEpoch).toBe(1);
    expect((await train([-Infinity, 1, Infinity, 2])).stopping.bestEpoch).toBe(3);
    expect((await train([2, 1, 3], { direction: "min" })).stopping.bestEpoch).toBe(2);
  });

  test("watches valLoss by default; less is better", async () => {
    const net = smallNet();
    const stopping = earlyStopping();
    const validation = points(6, "validation");
    const history = await fit(
      net,
      points(8),
      optionsFor(net, { epochs: 4, validation, callbacks: [stopping] }),
    );
    expect(stopping.bestEpoch).toBe(history.best("valLoss").epoch);
    expect(stopping.bestValue).toBe(history.best("valLoss").valLoss);
  });

  test("is reset at the start of each training", async () => {
    const net = smallNet();
    const stopping = earlyStopping({ monitor: "loss", patience: 1 });
    const callbacks = [stopping];
    const constant = (y: Tensor) => y.mul(0).sum();
    // A gradient that is not 0, which fit would refuse, but changes no digit of the loss.
    const nearlyConstant = (y: Tensor) => y.sum().mul(1e-30).add(-9);
    await fit(net, points(8), optionsFor(net, { epochs: 3, callbacks, loss: nearlyConstant }));
    expect(stopping).toMatchObject({ bestEpoch: 1, bestValue: -9 });
    const history = await fit(
      net,
      points(8),
      optionsFor(net, { epochs: 5, startEpoch: 2, callbacks, loss: constant }),
    );
    expect(stopping).toMatchObject({ bestEpoch: 2, bestValue: 0 });
    expect(history.epochs.length).toBe(2);
  });

  test("refuses to begin if the watched value will not be logged", async () => {
    const recorder = new Recorder();
    for (const [options, message] of [
      [
        {},
        'earlyStopping: no "valLoss" will be logged; pass validation data to fit, or monitor one of loss, accuracy, ' +
          "learningRate, seconds",
      ],
      [{ monitor: "f1", direction: "max" }, 'earlyStopping: no "f1" will be logged; monitor one of loss,'],
    ] as const) {
      const net = smallNet();
      const before = bitsOf(net);
      const callbacks = [earlyStopping(options), recorder];
      expect(String(await rejection(fit(net, points(8), optionsFor(net, { callbacks }))))).toMatch(message);
      expect(bitsOf(net)).toEqual(before);
    }
    expect(recorder.calls).toEqual([]);
  });

  test("refuses options out of range", () => {
    for (const patience of [0, -1, 1.5, Number.NaN, Infinity, "3"]) {
      expect(() => earlyStopping({ patience: patience as never })).toThrow("earlyStopping: patience must be");
    }
    for (const minDelta of [-1, Number.NaN, Infinity, "3"]) {
      expect(() => earlyStopping({ minDelta: minDelta as never })).toThrow("earlyStopping: minDelta must be");
    }
    expect(() => earlyStopping({ patients: 3 } as never)).toThrow(
      'earlyStopping: unknown option "patients"; did you mean "patience"? It takes { monitor, direction, patience,',
    );
    expect(() => earlyStopping({ monitor: 3 as never })).toThrow("earlyStopping: monitor must be");
    expect(() => earlyStopping({ restoreBest: "no" as never })).toThrow("restoreBest must be true or false");
    expect(() => earlyStopping({ direction: "up" as never })).toThrow('direction must be "min" or "max"');
    expect(() => earlyStopping({ monitor: "score" })).toThrow(
      'the name "score" does not tell whether more or less is better',
    );
    expect(() => earlyStopping({ monitor: "f1", direction: "max" })).not.toThrow();
  });
});

test("a resumed training has the same patience left, and the same best weights", async () => {
  const scores = [1, 5, 3, 4, 4, 9];
  const whole = await train(scores, { patience: 3 });
  for (let until = 1; until <= 5; until++) {
    const dir = mkdtempSync(join(tmpdir(), "gradus-stopping-"));
    try {
      const broken = new AbortController();
      const breaker: Callback = {
        onEpochEnd: ({ epoch }) => epoch === until && broken.abort(new Error("broken off")),
      };
      await train(
        scores,
        { patience: 3 },
        { checkpoint: { dir }, signal: broken.signal, callbacks: [breaker] },
      );
      const rest = await train(scores, { patience: 3 }, { checkpoint: { dir }, resume: true });
      expect(rest.outcome.stopped).toBe(whole.outcome.stopped);
      expect(rest.outcome.epochs.map(({ loss }) => loss)).toEqual(
        whole.outcome.epochs.map(({ loss }) => loss),
      );
      expect(bitsOf(rest.net)).toEqual(bitsOf(whole.net));
      expect([rest.stopping.bestEpoch, rest.stopping.bestValue]).toEqual([2, 5]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  }
});
