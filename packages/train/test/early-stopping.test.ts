import type { Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type Callback, earlyStopping, fit } from "../src/index.ts";
import { epochOf, train } from "./early-stopping/support.ts";
import { bitsOf, optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

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
