import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crossEntropy, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { Callback } from "../../src/index.ts";
import { bitsOf } from "../support.ts";
import { epochOf, train } from "./support.ts";

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
