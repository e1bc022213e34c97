import { backward, createRng, mul, sum, variable } from "@gradus/core";
import { expect, test } from "vitest";
import { stepsOf } from "../../../src/layers/recurrent/steps.ts";

test.each([1, 2, 3, 5, 8])("%i steps are taken apart in order, and each has its own gradient", (time) => {
  const x = variable(createRng("steps").normal([2, time, 3]));
  const steps = stepsOf(x);
  steps.forEach((step, t) => {
    const [first, second] = [0, 1].map((i) => x.data.subarray((i * time + t) * 3, (i * time + t + 1) * 3));
    expect(step.toArray()).toEqual([[...first], [...second]]);
  });
  const loss = steps.map((step, t) => sum(mul(step, t + 1))).reduce((a, b) => a.add(b));
  const row = [1, 1, 1];
  const expected = Array.from({ length: time }, (_, t) => row.map(() => t + 1));
  expect(backward(loss).of(x).toArray()).toEqual([expected, expected]);
});

test("the steps of a constant are the same, each cut from it at once", () => {
  const x = createRng("steps").normal([2, 5, 3]);
  const steps = stepsOf(x);
  expect(steps.map((step) => step.toArray())).toEqual(stepsOf(variable(x)).map((step) => step.toArray()));
  expect(steps.map(({ shape, tracked }) => [shape, tracked])).toEqual(steps.map(() => [[2, 3], false]));
});
