import { ArgumentError, tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { Averages } from "../src/averages.ts";
import { checkMetrics, directionOf, isBetter, validationName } from "../src/metric-names.ts";
import { accuracy } from "../src/metrics.ts";

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

test("averages begin anew, and are NaN without samples", () => {
  const averages = new Averages({});
  averages.add(5, outputs(1, 0), tensor([0]));
  averages.reset();
  expect(averages.samples).toBe(0);
  expect(averages.get("loss")).toBeNaN();
  averages.add(2, outputs(1, 0), tensor([0]));
  expect(averages.get("loss")).toBe(2);
});

test("averages name what they have when asked for something else", () => {
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

test("names tell the direction in which a value gets better, or someone must", () => {
  expect(validationName("accuracy")).toBe("valAccuracy");
  expect(directionOf("x", "valLoss", undefined)).toBe("min");
  expect(directionOf("x", "accuracy", undefined)).toBe("max");
  expect(directionOf("x", "valLoss", "max")).toBe("max");
  expect(() => directionOf("x", "f1", undefined)).toThrow('x: is more or less of "f1" better?');
  expect(() => directionOf("x", "f1", "up" as never)).toThrow(
    'x: direction must be "min" or "max", got "up"',
  );
});

test("NaN is better than nothing, and anything is better than NaN", () => {
  for (const direction of ["min", "max"] as const) {
    expect(isBetter(Number.NaN, 1, direction)).toBe(false);
    expect(isBetter(Number.NaN, Number.NaN, direction)).toBe(false);
    expect(isBetter(1, Number.NaN, direction)).toBe(true);
    expect(isBetter(1, 1, direction)).toBe(false);
  }
  expect(isBetter(1, 2, "min")).toBe(true);
  expect(isBetter(1, 2, "max")).toBe(false);
});
