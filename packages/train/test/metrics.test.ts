import { ArgumentError, FormatError, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  Averages,
  accuracy,
  binaryAccuracy,
  checkMetrics,
  defaultMetrics,
  directionOf,
  hasClassIndices,
  isBetter,
  validationName,
} from "../src/metrics.ts";

describe("accuracy", () => {
  test("counts hits, from class indices", () => {
    const output = tensor([
      [0.1, 2, -1],
      [3, 1, 2],
      [0, 0, 5],
    ]);
    expect(accuracy(output, tensor([1, 1, 2]))).toBe(2);
  });

  test("counts hits, from probabilities", () => {
    const output = tensor([
      [0.1, 2],
      [3, 1],
    ]);
    expect(
      accuracy(
        output,
        tensor([
          [0.3, 0.7],
          [0.4, 0.6],
        ]),
      ),
    ).toBe(1);
  });

  test("uses the first of several equal largest outputs", () => {
    const output = tensor([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expect(accuracy(output, tensor([0, 1]))).toBe(2);
    expect(accuracy(output, tensor([1, 2]))).toBe(0);
    expect(accuracy(tensor([[-Infinity, -Infinity]]), tensor([0]))).toBe(1);
  });

  test("counts a sample with a NaN at any position as wrong", () => {
    const output = tensor([
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
    for (const target of [-1, 0, 1, Number.NaN]) {
      expect(accuracy(output, tensor([target, target, target]))).toBe(0);
    }
    expect(accuracy(output, output)).toBe(0);
  });

  test("counts a sample as the share of its positions that are right", () => {
    const output = tensor([
      [
        [1, 0, 1, 0],
        [0, 1, 0, 1],
      ],
    ]); // [1, 2, 4]: classes 0, 1, 0, 1
    expect(accuracy(output, tensor([[0, 1, 0, 0]]))).toBe(0.75);
    expect(accuracy(tensor(new Float64Array(0), [3, 2, 0]), tensor(new Float64Array(0), [3, 0]))).toBe(0);
  });

  test("refuses other shapes, and names the accepted ones", () => {
    for (const [output, targets] of [
      [tensor([1, 2]), tensor([0, 1])],
      [tensor([[1], [2]]), tensor([0, 1])],
      [tensor([[1], [2]]), tensor([[0], [1]])],
      [tensor([[1, 2]]), tensor([[1]])],
      [tensor(1), tensor(1)],
    ]) {
      expect(() => accuracy(output, targets)).toThrow(ShapeError);
    }
    expect(() => accuracy(tensor([[1], [2]]), tensor([[0], [1]]))).toThrow(
      /^accuracy\(\[2,1\], \[2,1\]\): .*use binaryAccuracy\(\)$/,
    );
  });
});

describe("binaryAccuracy", () => {
  test("compares logits with 0 and targets with a half", () => {
    const metric = binaryAccuracy();
    expect(metric(tensor([2, -2, 0.1, 0]), tensor([1, 0, 0, 0]))).toBe(3);
    expect(metric(tensor([[2], [-2]]), tensor([[1], [1]]))).toBe(1);
  });

  test("compares probabilities with another threshold", () => {
    expect(binaryAccuracy({ threshold: 0.5 })(tensor([0.4, 0.6, 0.5]), tensor([0, 1, 0]))).toBe(3);
    expect(binaryAccuracy()(tensor([0.4, 0.6, 0.5]), tensor([0, 1, 0]))).toBe(1);
  });

  test("counts NaN as wrong, in outputs and in targets", () => {
    const metric = binaryAccuracy();
    expect(metric(tensor([Number.NaN, Number.NaN]), tensor([0, 1]))).toBe(0);
    expect(metric(tensor([-1, 1]), tensor([Number.NaN, Number.NaN]))).toBe(0);
  });

  test("counts a sample with several outputs as the share that is right", () => {
    expect(
      binaryAccuracy()(
        tensor([
          [1, 1, -1, -1],
          [1, 1, 1, 1],
        ]),
        tensor([
          [1, 1, 0, 1],
          [1, 1, 1, 1],
        ]),
      ),
    ).toBe(1.75);
    expect(binaryAccuracy()(tensor(new Float64Array(0), [0, 3]), tensor(new Float64Array(0), [0, 3]))).toBe(
      0,
    );
  });

  test("refuses different shapes, scalars and thresholds that are no numbers", () => {
    expect(() => binaryAccuracy()(tensor([[1], [2]]), tensor([0, 1]))).toThrow(
      "binaryAccuracy([2,1], [2]): outputs and targets must have the same shape",
    );
    expect(() => binaryAccuracy()(tensor(1), tensor(1))).toThrow(ShapeError);
    for (const threshold of [Number.NaN, Infinity, "0" as never]) {
      expect(() => binaryAccuracy({ threshold })).toThrow(ArgumentError);
    }
    expect(() => binaryAccuracy({ treshold: 0.5 } as never)).toThrow(
      'binaryAccuracy: unknown option "treshold"; did you mean "threshold"?',
    );
  });
});

test("accuracy is the default metric for class indices only", () => {
  expect(defaultMetrics(tensor([[1, 2]]), tensor([1]))).toEqual({ accuracy });
  expect(defaultMetrics(tensor([[1, 2]]), tensor([[1, 0]]))).toEqual({});
  expect(defaultMetrics(tensor([[1]]), tensor([1]))).toEqual({});
  expect(hasClassIndices(tensor([1, 2]), tensor([0, 1]))).toBe(false);
});

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

test("metrics are refused if they are no functions or their names clash", () => {
  const sum = () => 1;
  for (const metrics of [null, [accuracy], accuracy, "accuracy"]) {
    expect(() => checkMetrics("fit", metrics as never)).toThrow(ArgumentError);
  }
  expect(() => checkMetrics("fit", { accuracy: "accuracy" as never })).toThrow(
    'fit: the metric "accuracy" must be a function (output, targets) => sum, got "accuracy"',
  );
  for (const name of ["epoch", "loss", "learningRate", "seconds", "valLoss", "valid,", "1st", ""]) {
    expect(() => checkMetrics("fit", { [name]: sum }), name).toThrow("a metric cannot be named");
  }
  expect(() => checkMetrics("fit", { accuracy, value: sum, validity: sum, f1: sum })).not.toThrow();
});

test("the name of a value tells whether more or less is better, or the option must", () => {
  expect(validationName("accuracy")).toBe("valAccuracy");
  expect(directionOf("x", "valLoss", undefined)).toBe("min");
  expect(directionOf("x", "accuracy", undefined)).toBe("max");
  expect(directionOf("x", "valLoss", "max")).toBe("max");
  expect(() => directionOf("x", "f1", undefined)).toThrow(
    'x: the name "f1" does not tell whether more or less is better',
  );
  expect(() => directionOf("x", "f1", "up" as never)).toThrow(
    'x: direction must be "min" or "max", got "up"',
  );
});

test("NaN is never better, and any number is better than NaN", () => {
  for (const direction of ["min", "max"] as const) {
    expect(isBetter(Number.NaN, 1, direction)).toBe(false);
    expect(isBetter(Number.NaN, Number.NaN, direction)).toBe(false);
    expect(isBetter(1, Number.NaN, direction)).toBe(true);
    expect(isBetter(1, 1, direction)).toBe(false);
  }
  expect(isBetter(1, 2, "min")).toBe(true);
  expect(isBetter(1, 2, "max")).toBe(false);
});
