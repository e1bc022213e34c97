import { mse, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { Averages } from "../../src/averages.ts";
import {
  accuracy,
  auc,
  confusionMatrix,
  type EpochMetric,
  evaluate,
  type FitOptions,
  f1,
  fit,
  History,
  type Metrics,
  mae,
  r2,
  rmse,
  topKAccuracy,
} from "../../src/index.ts";
import { memoryStore, optionsFor, points, rejection, smallNet, trainingRng } from "../support.ts";

const metrics = {
  accuracy,
  f1: f1(),
  auc: auc(),
  confusion: confusionMatrix(),
  perClass: f1({ average: "perClass" }),
  top1: topKAccuracy({ k: 1 }),
} satisfies Metrics;

const train = async (changes: Partial<FitOptions> = {}): Promise<History> => {
  const net = smallNet();
  const validation = points(9, "validation");
  return fit(net, points(23), optionsFor(net, { metrics, validation, epochs: 3, ...changes }));
};

const withoutTime = (history: History): object => {
  const { epochs, ...rest } = history.toJSON();
  return { epochs: epochs.map((log) => ({ ...log, seconds: 0 })), ...rest };
};

describe("metrics over the epoch", () => {
  test("are the same for every batch size in evaluate", () => {
    const [net, data] = [smallNet(), points(50)];
    const loss = optionsFor(net).loss;
    const whole = evaluate(net, data, { loss, metrics, batchSize: 50 });
    expect(whole.confusion.flat().reduce((a, b) => a + b)).toBe(50);
    const [[tn, fp], [fn, tp]] = whole.confusion;
    expect(whole.f1).toBe((2 * tp) / (2 * tp + fp + fn));
    expect(whole.accuracy).toBe((tp + tn) / 50);
    expect(whole.top1).toBe(whole.accuracy);
    for (const batchSize of [1, 3, 7, 64]) {
      const { loss: _, ...others } = evaluate(net, data, { loss, metrics, batchSize });
      expect(others).toEqual(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== "loss")));
    }
  });

  test("stand in the history, tables beside the numbers", async () => {
    const seen: number[] = [];
    const callbacks = [
      { onBatchEnd: (batch: { average(name: string): number }) => void seen.push(batch.average("f1")) },
    ];
    const history = await train({ callbacks });
    expect(Object.keys(history.last ?? {})).toEqual(
      [
        "epoch",
        "loss",
        "accuracy",
        "f1",
        "auc",
        "top1",
        "valLoss",
        "valAccuracy",
        "valF1",
        "valAuc",
        "valTop1",
      ].concat("learningRate", "seconds"),
    );
    expect(history.tables).toHaveLength(3);
    expect(Object.keys(history.tables[2])).toEqual(["confusion", "perClass", "valConfusion", "valPerClass"]);
    expect((history.tables[2].valConfusion as number[][]).flat().reduce((a, b) => a + b)).toBe(9);
    expect(history.last?.f1).toBe((history.tables[2].perClass as number[])[1]);
    expect(seen.at(-1)).toBe(history.last?.f1);
    expect(history.best("valF1").epoch).toBeGreaterThan(0);
    expect(new History(JSON.parse(JSON.stringify(history))).tables).toEqual(history.tables);
    expect(() => new History({ epochs: [], tables: [{ confusion: 3 }] as never })).toThrow(
      "History: tables must be a list",
    );
  });

  test("are those of an uninterrupted training after a resume in mid-epoch", async () => {
    const whole = await train();
    const store = memoryStore();
    for (const until of [2, 5, 8, 11, 14]) {
      const control = new AbortController();
      const callbacks = [
        { onBatchEnd: ({ step }: { step: number }) => step >= until && control.abort("enough") },
      ];
      const options = { checkpoint: { store }, resume: until > 2, callbacks, signal: control.signal };
      expect(await rejection(train(options))).toBe("enough");
    }
    expect(withoutTime(await train({ checkpoint: { store }, resume: true }))).toEqual(withoutTime(whole));
  });

  test("are refused by a checkpoint of a training with others", async () => {
    const store = memoryStore();
    const control = new AbortController();
    const callbacks = [{ onBatchEnd: ({ step }: { step: number }) => step >= 2 && control.abort("enough") }];
    await rejection(
      train({ checkpoint: { store }, callbacks, signal: control.signal, metrics: { f1: f1() } }),
    );
    for (const other of [{ f1: f1({ threshold: 1 }) }, { f1: () => 1 }, { f1: auc() }, { auc: auc() }]) {
      const error = await rejection(train({ checkpoint: { store }, resume: true, metrics: other }));
      expect(String(error)).toMatch(/FormatError.*checkpoint: /);
    }
  });

  test("are measured for numbers", async () => {
    const inputs = Float64Array.from({ length: 12 }, (_, i) => i / 6 - 1);
    const line = new Dataset({
      inputs,
      inputShape: [1],
      targets: inputs.map((x) => 3 * x),
      targetShape: [1],
    });
    const net = new Dense(1, 1, { rng: trainingRng() });
    const own = (
      output: { sub(x: object): { abs(): { sum(): { item(): number } } } },
      targets: object,
    ): number => output.sub(targets).abs().sum().item();
    const options = optionsFor(net, {
      loss: mse,
      metrics: { mae, rmse, r2, own: own as never },
      batchSize: 5,
    });
    const { last } = await fit(net, line, options);
    expect(last?.mae).toBeCloseTo(last?.own ?? 0, 14);
    expect(last?.rmse).toBeCloseTo(Math.sqrt(last?.loss ?? 0), 14);
  });
});

describe("a metric of one's own", () => {
  const constant = (value: unknown, table?: boolean): EpochMetric =>
    ({
      table,
      start: () => ({ add: () => {}, value: () => value, state: () => null, restore: () => {} }),
    }) as never;

  test("must give a number, or say that it gives a table; refused before training", async () => {
    for (const [metric, message] of [
      [constant("1"), 'the value of the metric "own" must be a number, got "1"'],
      [constant([1, 2]), "give the metric table: true"],
      [constant(1, true), 'the metric "own" says that it is a table: its value must be a list of numbers'],
      [constant([[1], [1, 2]], true), "of rows of numbers"],
    ] as const) {
      expect(String(await rejection(train({ metrics: { own: metric } })))).toMatch(message);
    }
  });

  test("begins again in each epoch and each pass", () => {
    let started = 0;
    const own = { start: () => ({ ...constant(++started).start(), value: () => started }) };
    const averages = new Averages({ own });
    averages.reset();
    averages.add(1, tensor([1]), tensor([1]));
    expect(averages.all()).toEqual({ loss: 1, own: 2 });
  });

  test("that is a table is no average", () => {
    const averages = new Averages({ confusion: confusionMatrix() });
    expect(() => averages.get("confusion")).toThrow('average("confusion"): it is a table; numbers are loss');
  });
});
