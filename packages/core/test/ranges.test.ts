import { describe, expect, test } from "vitest";
import { createRng, type Range, ranges } from "../src/index.ts";

const NEVER = [null, undefined, "1", 1n, [1], { valueOf: () => 1 }, Symbol("1"), true];
const NOT_FINITE = [Number.NaN, Infinity, -Infinity];

const numbers: [name: keyof typeof ranges, range: Range, admits: number[], refuses: number[]][] = [
  ["finite", ranges.finite, [0, -0, -1.5, Number.MAX_VALUE, 5e-324], []],
  ["nonNegative", ranges.nonNegative, [0, -0, 5e-324, 1e300], [-5e-324, -1]],
  ["positive", ranges.positive, [5e-324, 1, 1e300], [0, -0, -1]],
  ["unit", ranges.unit, [0, -0, 0.5, 1], [-5e-324, 1 + Number.EPSILON]],
  ["fraction", ranges.fraction, [0, 0.5, 1 - Number.EPSILON], [1, -0.1]],
  ["openUnit", ranges.openUnit, [5e-324, 0.5, 1 - Number.EPSILON], [0, -0, 1, -0.5]],
  ["whole", ranges.whole, [0, -3, 9007199254740991], [0.5, 9007199254740992]],
  ["count", ranges.count, [0, 3, 9007199254740991], [-1, 0.5, 9007199254740992]],
  ["positiveCount", ranges.positiveCount, [1, 3], [0, -1, 1.5]],
];

describe.each(numbers)("%s", (_, range, admits, refuses) => {
  test.each(admits)("admits %d", (value) => expect(range.admits(value)).toBe(true));
  test.each([...refuses, ...NOT_FINITE])("refuses %d", (value) => expect(range.admits(value)).toBe(false));
  test("refuses anything but numbers", () => expect(NEVER.filter(range.admits)).toEqual([]));
});

test("counts admits arrays of whole numbers from 0 on", () => {
  const values = [[], [0, 3], [1.5], [-1], ["1"], 1, null, undefined, new Uint8Array(1)];
  expect(values.filter(ranges.counts.admits)).toEqual([[], [0, 3]]);
});

test("a list with holes is none: every leaves them out", () => {
  const sparse = new Array(2);
  sparse[1] = 1;
  expect(ranges.isListOf([1, 1], ranges.count.admits)).toBe(true);
  expect(ranges.isListOf([], ranges.count.admits)).toBe(true);
  for (const values of [sparse, [1, "1"], new Uint8Array(1), { length: 0 }, "", undefined]) {
    expect(ranges.isListOf(values, ranges.count.admits)).toBe(false);
  }
  expect(ranges.counts.admits(sparse)).toBe(false);
  expect(ranges.interval.admits(sparse)).toBe(false);
});

test("interval admits two finite numbers in order", () => {
  const pairs = [[0, 1], [1, 1], [1, 0], [0, Infinity], [Number.NaN, 1], ["0", 1], 1, undefined];
  expect(pairs.filter(ranges.interval.admits)).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test("instanceOf checks the class, and has the given text", () => {
  const range = ranges.instanceOf(Map, "must be a Map");
  const map = new Map();
  expect([map, new Set(), {}, null, undefined].filter(range.admits)).toEqual([map]);
  expect(range.says).toBe("must be a Map");
});

test("flag, text and callable check the type", () => {
  const values = [true, false, "", "yes", () => 1, class {}, 0, null, undefined, {}];
  expect(values.filter(ranges.flag.admits)).toEqual([true, false]);
  expect(values.filter(ranges.text.admits)).toEqual(["", "yes"]);
  expect(values.filter(ranges.callable.admits)).toEqual(values.slice(4, 5)); // a class cannot be called
});

test("oneOf admits its words and lists them", () => {
  const mode = ranges.oneOf("min", "max");
  expect(["min", "max", "Min", "", "toString", 0, null, undefined].filter(mode.admits)).toEqual([
    "min",
    "max",
  ]);
  expect(mode.says).toBe('must be "min" or "max"');
});

test("optional also admits undefined, with the same text and hint", () => {
  const named = ranges.functionNamed("must be a function", ["selu"]);
  expect(ranges.optional(named).hint?.("selu")).toBe("did you mean the function selu, without quotes?");
  const range = ranges.optional(ranges.unit);
  expect([undefined, 0.5, null, 2].filter(range.admits)).toEqual([undefined, 0.5]);
  expect(range.says).toBe(ranges.unit.says);
});

test("K13: an interval wider than the largest number is refused, because its numbers would be infinite", () => {
  expect(() => createRng(1).uniform([2], { low: -1.7e308, high: 1.7e308 })).toThrow(
    "rng.uniform: low and high must be finite and in this order, got [-1.7e+308,1.7e+308]; their difference is beyond 1.8e308",
  );
});
