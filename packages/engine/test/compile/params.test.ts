import { expect, test } from "vitest";
import { copyParams, sameParams } from "../../src/compile/params.ts";

const never = (): boolean => false;

test("a copy keeps the numbers when the caller writes to arrays and objects", () => {
  const axes = [0, 1];
  const weights = Float64Array.of(1, 2);
  const copy = copyParams({ axes, nested: { weights } });
  axes[0] = 5;
  weights[1] = 5;
  expect(copy).toEqual({ axes: [0, 1], nested: { weights: Float64Array.of(1, 2) } });
});

test("an object of a class, such as a random stream, is kept as it is", () => {
  const stream = new Date(0);
  expect(copyParams({ stream }).stream).toBe(stream);
});

test.each([
  [1, 1, true],
  [0, -0, false],
  [Number.NaN, Number.NaN, true],
  [[1, 2], [1, 2], true],
  [[1, 2], [1], false],
  [Float64Array.of(1), Float64Array.of(1), true],
  [Float64Array.of(1), [1], false],
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: undefined }, {}, false],
  [{ a: { b: [1] } }, { a: { b: [2] } }, false],
  [null, {}, false],
  [undefined, undefined, true],
])("%o and %o: same is %o", (a, b, same) => {
  expect(sameParams(a, b, never)).toBe(same);
});

test("the caller decides about objects of classes", () => {
  expect(sameParams({ x: new Date(0) }, { x: new Date(0) }, never)).toBe(false);
  expect(sameParams({ x: new Date(0) }, { x: new Date(0) }, () => true)).toBe(true);
});
