import { expect, test } from "vitest";
import { ArgumentError, arange, eye, full, linspace, ones, zeros } from "../src/index.ts";

test("zeros, ones, full and eye fill their shape", () => {
  expect(zeros([2, 2]).toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(ones([]).item()).toBe(1);
  expect(full([2], -0.5).toArray()).toEqual([-0.5, -0.5]);
  expect(full([0], 1).toArray()).toEqual([]);
  expect(eye(2).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(() => zeros([2, -1])).toThrow(/size -1 at axis 1/);
});

test("arange counts by multiples of the step, so errors do not add up", () => {
  expect(arange(3).toArray()).toEqual([0, 1, 2]);
  expect(arange(1, 4).toArray()).toEqual([1, 2, 3]);
  expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
  expect(arange(3, 1).toArray()).toEqual([]);
  expect(arange(0, 1, 0.1).data[7]).toBe(7 * 0.1);
  expect(() => arange(0, 1, 0)).toThrow(/a step other than 0/);
  expect(() => arange(Number.NaN)).toThrow(/finite numbers/);
});

test("linspace includes both ends", () => {
  expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(linspace(0, 0.3, 4).data[3]).toBe(0.3);
  expect(linspace(2, 9, 1).toArray()).toEqual([2]);
  expect(() => linspace(0, 1, 0)).toThrow(/count ≥ 1/);
  expect(() => linspace(0, 1, 2.5)).toThrow(/count ≥ 1/);
});

test("R12: linspace between bounds whose difference overflows", () => {
  expect(linspace(-1e308, 1e308, 3).toArray()).toEqual([-1e308, 0, 1e308]);
});

test("R12: sizes side by side, as in Python, are refused with the array of them", () => {
  const python = { zeros, ones, full } as unknown as Record<string, (...sizes: unknown[]) => unknown>;
  expect(() => python.zeros(2, 3)).toThrow(
    new ArgumentError("zeros: a shape is an array of sizes, got 2, 3; write zeros([2, 3])"),
  );
  expect(() => python.ones(2)).toThrow("ones: a shape is an array of sizes, got 2; write ones([2])");
  expect(() => python.full(2, 3)).toThrow(
    "full: a shape is an array of sizes, got 2; write full([2], value)",
  );
});
