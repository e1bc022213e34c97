import { add, matmul, type Tensor, zeros } from "@gradus/core";
import { expect, test } from "vitest";
import { distanceOf } from "../../src/compile/distance.ts";
import { Tracer } from "../../src/compile/tracer.ts";

/** The steps of a function, and its distance. */
function distance(fn: (x: Tensor) => unknown, size: number): number {
  const tracer = new Tracer();
  tracer.trace(() => fn(zeros([size, size])));
  return distanceOf(tracer.steps, tracer.steps.length);
}

test("tiny tensors: few calls are followed; large ones: all are", () => {
  expect(distance((x) => add(x, x), 1)).toBeGreaterThan(10);
  expect(distance((x) => add(x, x), 1000)).toBe(1);
});

test("a product counts by its terms, m·k·n, not only by its elements", () => {
  expect(distance((x) => matmul(x, x), 100)).toBeLessThan(distance((x) => add(x, x), 100));
  expect(distance((x) => matmul(x, x), 400)).toBe(1);
});

test("without steps to compare every call may be followed", () => {
  expect(distanceOf([], 0)).toBe(1);
});
