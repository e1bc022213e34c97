import { FormatError, tensor } from "@gradus/core";
import { expect, test, vi } from "vitest";
import { Averages } from "../src/averages.ts";
import { accuracy, validationName } from "../src/metrics.ts";

const outputs = (n: number, best: number) =>
  tensor(Array.from({ length: n }, () => (best === 0 ? [1, 0] : [0, 1])));

test("averages weigh each batch by its samples", () => {
  const averages = new Averages({ accuracy, largest: (output) => 3 * output.shape[0] });
  averages.add(1, outputs(4, 0), tensor([0, 0, 0, 1]));
  averages.add(7, outputs(2, 1), tensor([1, 1]));
  expect(averages.names).toEqual(["loss", "accuracy", "largest"]);
  expect(averages.samples).toBe(6);
  expect(averages.get("loss")).toBe(3); // not 4, the mean of the means
  expect(averages.get("accuracy")).toBe(5 / 6);
  expect(averages.get("largest")).toBe(3);
});

test("averages can be reset, and are NaN without samples", () => {
  const averages = new Averages({});
  averages.add(5, outputs(1, 0), tensor([0]));
  averages.reset();
  expect(averages.samples).toBe(0);
  expect(averages.get("loss")).toBeNaN();
  averages.add(2, outputs(1, 0), tensor([0]));
  expect(averages.get("loss")).toBe(2);
});

test("averages list their names if another one is asked for", () => {
  expect(() => new Averages({ accuracy }).get("acuracy")).toThrow(
    'average("acuracy"): there is no such value, only loss, accuracy',
  );
});

test("a metric must return a number", () => {
  const averages = new Averages({ wrong: (() => tensor(1)) as never });
  expect(() => averages.add(1, outputs(1, 0), tensor([0]))).toThrow(
    'the metric "wrong" must return a number, its sum over the batch, got Tensor',
  );
});

test("averages of validation data have names of their own, and metrics keep theirs", () => {
  const averages = new Averages({ accuracy, wrong: (() => "1") as never }, validationName);
  expect(averages.names).toEqual(["valLoss", "valAccuracy", "valWrong"]);
  expect(() => averages.add(1, outputs(1, 0), tensor([0]))).toThrow(
    'the metric "wrong" must return a number',
  );
});

test("averages restore a state, and refuse one of other metrics without a change", () => {
  const begun = new Averages({ accuracy });
  begun.add(1, outputs(4, 0), tensor([0, 0, 0, 1]));
  const state = structuredClone(begun.state()) as Record<string, unknown>;
  const averages = new Averages({ accuracy });
  averages.add(9, outputs(1, 0), tensor([0]));
  averages.restore(state);
  expect(averages.all()).toEqual({ loss: 1, accuracy: 3 / 4 });
  expect(averages.samples).toBe(4);
  for (const other of [{ names: ["loss"] }, { sums: new Float64Array(1) }, { samples: 0.5 }]) {
    expect(() => averages.restore({ ...state, ...other })).toThrow(FormatError);
  }
  expect(() => averages.restore({ ...state, names: ["loss", "f1"] })).toThrow("checkpoint: it has sums of");
  expect(averages.all()).toEqual({ loss: 1, accuracy: 3 / 4 });
});

test("K3: averages weigh the loss of a batch by the weights of its mean", () => {
  const averages = new Averages({ accuracy });
  const weight = (value: number) => [{ weight: tensor(value), perSample: 1 }];
  averages.add(2, outputs(4, 0), tensor([0, -100, -100, -100]), weight(1));
  averages.add(5, outputs(2, 0), tensor([0, 1]), weight(2));
  averages.add(Number.NaN, outputs(1, 0), tensor([-100]), weight(0));
  expect(averages.all()).toEqual({ loss: 12 / 3, accuracy: 2 / 3 });
  expect(averages.samples).toBe(7);
});

test("K3: averages restore their counts, and take a state without counts as one of samples", () => {
  const begun = new Averages({ accuracy });
  begun.add(2, outputs(2, 0), tensor([0, -100]), [{ weight: tensor(1), perSample: 1 }]);
  const averages = new Averages({ accuracy });
  averages.restore(structuredClone(begun.state()));
  expect(averages.all()).toEqual({ loss: 2, accuracy: 1 });
  averages.restore({ names: ["loss", "accuracy"], sums: Float64Array.of(8, 2), samples: 4 });
  expect(averages.all()).toEqual({ loss: 2, accuracy: 0.5 });
});

test("K3: averages of a loss of two means with different weights count samples, and say so once", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const averages = new Averages({});
  const weights = [1, 2].map((value) => ({ weight: tensor(value), perSample: 1 }));
  for (let batch = 0; batch < 2; batch++) averages.add(batch, outputs(3, 0), tensor([0, 0, 0]), weights);
  expect(averages.get("loss")).toBe(0.5);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("different weights (1, 2)")]]);
  warn.mockRestore();
});

test("a metric's count must be a number", () => {
  const averages = new Averages({ wrong: Object.assign(() => 1, { count: () => "1" as never }) });
  expect(() => averages.add(1, outputs(1, 0), tensor([0]))).toThrow(
    'the metric "wrong" must return a number, its count over the batch, got "1"',
  );
});
