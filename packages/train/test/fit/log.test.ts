import { crossEntropy, type Tensor } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { accuracy, type Callback, evaluate, fit, type Training } from "../../src/index.ts";
import { bitsOf, optionsFor, points, smallNet } from "../support.ts";
import { spy } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the log of fit", () => {
  test("weighs an epoch's batches by their samples", async () => {
    const net = smallNet();
    const losses: [number, number][] = [];
    const callback: Callback = {
      onBatchEnd({ loss, size, samples, average }) {
        losses.push([loss, size]);
        const sum = losses.reduce((total, [value, weight]) => total + value * weight, 0);
        expect(average("loss")).toBe(sum / samples);
        expect(() => average("f1")).toThrow("only loss, accuracy");
      },
    };
    const history = await fit(net, points(10), optionsFor(net, { epochs: 1, callbacks: [callback] }));
    expect(losses.map(([, size]) => size)).toEqual([4, 4, 2]);
    expect(history.last?.loss).toBe((losses[0][0] * 4 + losses[1][0] * 4 + losses[2][0] * 2) / 10);
    expect((history.last?.accuracy ?? 0) * 10).toBeCloseTo(
      Math.round((history.last?.accuracy ?? 0) * 10),
      12,
    );
  });

  test("logs columns in order: means, validation, rate and seconds", async () => {
    const net = smallNet();
    const begun: Training[] = [];
    const history = await fit(
      net,
      points(10),
      optionsFor(net, {
        validation: points(3, "v"),
        metrics: { accuracy, size: (output: Tensor) => output.size },
        callbacks: [{ onTrainBegin: (t) => void begun.push(t) }],
      }),
    );
    const columns = [
      "loss",
      "accuracy",
      "size",
      "valLoss",
      "valAccuracy",
      "valSize",
      "learningRate",
      "seconds",
    ];
    const [training] = begun;
    expect(training).toMatchObject({ net, startEpoch: 1, epochs: 2, batchSize: 4, batches: 3, samples: 10 });
    expect(training.logged).toEqual(columns);
    expect(training.history).toBe(history);
    for (const log of history.epochs) expect(Object.keys(log)).toEqual(["epoch", ...columns]);
    expect(history.last).toMatchObject({ size: 2, valSize: 2, learningRate: 0.1 });
    expect(history.last?.seconds).toBeGreaterThan(0);
    expect(history.stopped).toBeUndefined();
  });

  test("logs the rate of the last step, not of the next", async () => {
    const net = smallNet();
    const optimizer = new SGD(namedParameters(net), { learningRate: (step) => 0.1 / (step + 1) });
    const history = await fit(net, points(10), optionsFor(net, { optimizer }));
    expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([0.1 / 3, 0.1 / 6]);
  });

  test("measures validation data with the weights after the epoch, drawing nothing and changing nothing", async () => {
    const [plain, validated] = [smallNet(), smallNet()];
    const validation = points(9, "validation");
    await fit(spy(plain).net, points(10), optionsFor(plain)); // the spy draws too
    const { net, modes } = spy(validated);
    const measured: object[] = [];
    const during: bigint[][] = [];
    const callback: Callback = {
      onBatchEnd: () => void during.push(bitsOf(validated)),
      onEpochEnd({ valLoss, valAccuracy }) {
        expect(bitsOf(validated)).toEqual(during.at(-1));
        measured.push({ loss: valLoss, accuracy: valAccuracy });
        expect(evaluate(validated, validation, { loss: crossEntropy, batchSize: 4 })).toEqual(
          measured.at(-1),
        );
      },
    };
    // Not compiled, as the spy notes each call.
    await fit(net, points(10), optionsFor(net, { validation, callbacks: [callback], compile: false }));
    expect(measured.length).toBe(2);
    expect(bitsOf(validated)).toEqual(bitsOf(plain));
    const epoch = ["train", "train", "train", "evaluate", "evaluate", "evaluate"];
    expect(modes.slice(-12)).toEqual([...epoch, ...epoch]);
  });
});
