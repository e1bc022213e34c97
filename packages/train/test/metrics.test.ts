import { ArgumentError, ShapeError, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { auc } from "../src/metrics/auc.ts";
import { confusionMatrix, f1 } from "../src/metrics/class-counts.ts";
import { mae, r2 } from "../src/metrics/regression.ts";
import { topKAccuracy } from "../src/metrics/top-k.ts";
import {
  accuracy,
  binaryAccuracy,
  checkMetrics,
  classAccuracy,
  defaultMetrics,
  directionOf,
  hasClassIndices,
  isBetter,
  type Metric,
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

test("K4: accuracy leaves out ignored targets, as the loss does", () => {
  const output = tensor([
    [2, 1],
    [1, 2],
    [2, 1],
  ]);
  expect(accuracy(output, tensor([0, 1, -100]))).toBe(2);
  expect(accuracy.count?.(output, tensor([0, 1, -100]))).toBe(2);
  const other = classAccuracy({ ignoreIndex: 0 });
  expect(other(output, tensor([0, 1, 1]))).toBe(1);
  expect(other.count?.(output, tensor([0, 1, 1]))).toBe(2);
  expect(() => classAccuracy({ ignoreIndex: "0" } as never)).toThrow(ArgumentError);
});

test("K4: with further axes an ignored position does not count", () => {
  // Two positions each: sample 1 has one target, and it is right; sample 2 has two, and one is right.
  const output = tensor([
    [
      [2, 2],
      [1, 1],
    ],
    [
      [2, 2],
      [1, 1],
    ],
  ]);
  const targets = tensor([
    [0, -100],
    [0, 1],
  ]);
  expect(accuracy(output, targets)).toBe(2 / 2);
  expect(accuracy.count?.(output, targets)).toBe(3 / 2);
});

test("a metric that is called by hand refuses what are no tensors", () => {
  const [output, targets] = [tensor([[1, 2]]), tensor([1])];
  const sums: Metric[] = [accuracy, binaryAccuracy(), topKAccuracy({ k: 1 })];
  const measured = [f1(), confusionMatrix(), auc(), mae, r2].map(
    (metric): Metric =>
      (...pair) =>
        metric.start().add(...pair) as never,
  );
  for (const metric of [...sums, ...measured]) {
    for (const pair of [
      [[[1, 2]], targets],
      [output, [1]],
      [output, undefined],
      [new Float64Array(2), targets],
    ]) {
      expect(() => metric(...(pair as [Tensor, Tensor]))).toThrow(ArgumentError);
      expect(() => metric(...(pair as [Tensor, Tensor]))).toThrow("takes tensors, got");
    }
  }
});

test("accuracy is the default metric for class indices only", () => {
  expect(defaultMetrics(tensor([[1, 2]]), tensor([1]))).toEqual({ accuracy });
  expect(defaultMetrics(tensor([[1, 2]]), tensor([[1, 0]]))).toEqual({});
  expect(defaultMetrics(tensor([[1]]), tensor([1]))).toEqual({});
  expect(hasClassIndices(tensor([1, 2]), tensor([0, 1]))).toBe(false);
});

test("metrics are refused if they are no functions or their names clash", () => {
  const sum = () => 1;
  const held = new Map([["accuracy", accuracy]]);
  const classes = [
    held,
    new Set([accuracy]),
    new Date(0),
    new (class Metrics {})(),
    { [Symbol()]: accuracy },
  ];
  for (const metrics of [null, [accuracy], accuracy, "accuracy", ...classes]) {
    expect(() => checkMetrics("fit", metrics as never)).toThrow(ArgumentError);
  }
  expect(() => checkMetrics("fit", { accuracy: "accuracy" as never })).toThrow(
    'fit: the metric "accuracy" must be a function (output, targets) => sum or an EpochMetric, got "accuracy"',
  );
  for (const name of ["epoch", "loss", "learningRate", "seconds", "valLoss", "valid,", "1st", ""]) {
    expect(() => checkMetrics("fit", { [name]: sum }), name).toThrow("a metric cannot be named");
  }
  expect(() => checkMetrics("fit", { f1: f1 as never })).toThrow(
    'fit: the metric "f1" is a function that makes a metric; did you mean to call it, f1()?',
  );
  expect(() => checkMetrics("fit", { a: binaryAccuracy as never })).toThrow(
    "did you mean to call it, binaryAccuracy()?",
  );
  expect(() => checkMetrics("fit", { f1: () => 1 })).not.toThrow();
  expect(() => checkMetrics("fit", { f1: f1(), own: { start: () => f1().start() } })).not.toThrow();
  expect(() => checkMetrics("fit", { accuracy, value: sum, validity: sum, f1: sum })).not.toThrow();
});

test("the name of a value tells whether more or less is better, or the option must", () => {
  expect(validationName("accuracy")).toBe("valAccuracy");
  expect(directionOf("x", "valLoss", undefined)).toBe("min");
  expect(directionOf("x", "accuracy", undefined)).toBe("max");
  expect(directionOf("x", "valLoss", "max")).toBe("max");
  for (const name of ["f1", "valAuc", "r2", "valPrecision", "recall"])
    expect(directionOf("x", name, undefined)).toBe("max");
  for (const name of ["mae", "valRmse", "maxError"]) expect(directionOf("x", name, undefined)).toBe("min");
  expect(() => directionOf("x", "error", undefined)).toThrow(
    'x: the name "error" does not tell whether more or less is better',
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
