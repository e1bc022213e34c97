import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkShape } from "../src/check-shape.ts";
import {
  broadcastShapes,
  broadcastStrides,
  normalizeAxes,
  normalizeAxis,
  sameShape,
  show,
  sizeOf,
} from "../src/shape.ts";

describe("checkShape", () => {
  test.each([
    [[-1], /size -1 at axis 0 is not a whole number ≥ 0/],
    [[2, 1.5], /size 1.5 at axis 1/],
    [[Number.NaN], /size NaN at axis 0/],
    [[2 ** 53], /size 9007199254740992 at axis 0/],
    [[2 ** 40, 2 ** 40], /more than 2\^53 elements/],
    [["2"], /size "2" at axis 0/],
    [[2n], /size 2n at axis 0/],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    [[2, , 3], /size undefined at axis 1/],
    [5, /a shape is an array of sizes, got 5/],
    [null, /a shape is an array of sizes, got null/],
  ])("refuses %o", (shape, message) => {
    expect(() => checkShape(shape as number[], "zeros")).toThrow(message);
  });

  test("copies, so that later changes of the array do not reach the tensor", () => {
    const shape = [2, 3];
    const checked = checkShape(shape, "zeros");
    shape[0] = 7;
    expect(checked).toEqual([2, 3]);
    expect(Object.is(checkShape([-0], "zeros")[0], 0)).toBe(true);
  });
});

describe("broadcastShapes", () => {
  test("aligns at the last axis and repeats sizes of 1", () => {
    expect(broadcastShapes([4, 1], [3])).toEqual([4, 3]);
    expect(broadcastShapes([], [2, 2])).toEqual([2, 2]);
    expect(broadcastShapes([1], [0])).toEqual([0]);
  });

  test("refuses sizes that differ, naming the axis from the back", () => {
    expect(() => broadcastShapes([2, 3], [3, 3])).toThrow(/2 vs 3 at axis -2/);
    expect(() => broadcastShapes([2], [0])).toThrow(/2 vs 0 at axis -1/);
  });

  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  test("does not depend on the order of its arguments", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        const run = (x: number[], y: number[]): string => {
          try {
            return String(broadcastShapes(x, y));
          } catch {
            return "refused";
          }
        };
        expect(run(a, b)).toBe(run(b, a));
      }),
    );
  });

  test("a shape broadcast with itself is itself", () => {
    fc.assert(fc.property(shapes, (a) => sameShape(broadcastShapes(a, a), a)));
  });
});

test("broadcastStrides step by the product of the later sizes, and by 0 where an axis repeats", () => {
  expect(broadcastStrides([2, 3, 4], 3)).toEqual([12, 4, 1]);
  expect(broadcastStrides([2, 1, 4], 4)).toEqual([0, 4, 0, 1]);
});

test("axes count from the front or from the back", () => {
  expect(normalizeAxis(-1, 3)).toBe(2);
  expect(normalizeAxes(undefined, 2)).toEqual([0, 1]);
  expect(normalizeAxes([-1, 0], 3)).toEqual([0, 2]);
  expect(() => normalizeAxis(3, 3)).toThrow(/axis 3 is out of range: it must be in \[-3, 2\]/);
  expect(() => normalizeAxis(0.5, 3)).toThrow(/axis 0.5 is out of range/);
  expect(() => normalizeAxis(0, 0)).toThrow(/a scalar has no axes/);
  expect(() => normalizeAxes([0, -3], 3)).toThrow(/axis 0 appears more than once/);
});

test("sizeOf a scalar is 1, and of anything with a 0 is 0", () => {
  expect([sizeOf([]), sizeOf([2, 3]), sizeOf([5, 0])]).toEqual([1, 6, 0]);
});

test("show names functions and classes, whose text would be their source", () => {
  expect([show, class Mine {}, () => 0].map(show)).toEqual(["function show", "class Mine", "function"]);
});

test("show writes values as they would be typed", () => {
  expect(["a", 5n, -0, [1, "b"], null, undefined, new Map()].map(show)).toEqual([
    '"a"',
    "5n",
    "-0",
    '[1,"b"]',
    "null",
    "undefined",
    "Map",
  ]);
});

test("show cuts what is long: a message holds at most 100 characters of a text and 20 elements of a list", () => {
  expect(show("a".repeat(100))).toBe(`"${"a".repeat(100)}"`);
  expect(show("a".repeat(101))).toBe(`"${"a".repeat(100)}…"`);
  expect(show(new Array(20).fill(0))).toBe(`[${"0,".repeat(19)}0]`);
  expect(show(new Array(1e6).fill("b".repeat(1e6)))).toBe(
    `[${new Array(20).fill(`"${"b".repeat(100)}…"`)},… 1000000 in all]`,
  );
});
