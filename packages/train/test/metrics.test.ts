import { ArgumentError, type Tensor, tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { auc } from "../src/metrics/auc.ts";
import { confusionMatrix, f1 } from "../src/metrics/class-counts.ts";
import { mae, r2 } from "../src/metrics/regression.ts";
import { topKAccuracy } from "../src/metrics/top-k.ts";
import {
  accuracy,
  binaryAccuracy,
  checkMetrics,
  defaultMetrics,
  directionOf,
  hasClassIndices,
  isBetter,
  type Metric,
  validationName,
} from "../src/metrics.ts";

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
