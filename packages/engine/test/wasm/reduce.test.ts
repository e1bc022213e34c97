import { expect, test } from "vitest";
import { sum } from "../../../core/src/ops/reduce.ts";
import { Tensor } from "../../../core/src/tensor.ts";
import { expectSameBits, numbers, ordinary, runShares, sizes } from "./shares.ts";

/** Sums the middle axis with both, and compares. */
function check(x: Float64Array, outer: number, count: number, inner: number): void {
  const expected = sum(new Tensor(x, [outer, count, inner]), { axes: 1 }).data;
  for (const threads of [1, 2, 3]) {
    const out = new Float64Array(outer * inner).fill(7);
    runShares("sum", { out, outer, inner, count, x }, [], threads);
    expectSameBits(out, expected, `sum over axis 1 of [${outer},${count},${inner}], ${threads} threads`);
  }
}

const counts = [0, 1, 2, 3, 4, 5, 6, 8, 9, 33];

test("sums down columns have the bits of the plain loop", () => {
  for (const inner of sizes) {
    for (const count of counts) {
      for (const every of [7, 1e9]) check(numbers(count * inner, inner + count, every), 1, count, inner);
    }
  }
});

test("sums along rows have the bits of the plain loop", () => {
  for (const outer of sizes) {
    for (const count of counts) {
      for (const every of [7, 1e9]) check(numbers(count * outer, outer + count, every), outer, count, 1);
    }
  }
  for (const count of sizes) check(ordinary(3 * count, count), 3, count, 1);
});

test("sums over a middle axis have the bits of the plain loop", () => {
  for (const [outer, count, inner] of [
    [3, 4, 2],
    [2, 7, 3],
    [5, 300, 7],
    [40, 30, 33],
    [33, 30, 40],
    [600, 3, 5],
    [0, 3, 2],
    [2, 3, 0],
  ]) {
    check(numbers(outer * count * inner, outer), outer, count, inner);
    check(ordinary(outer * count * inner, inner), outer, count, inner);
  }
});

test("a sum begins with 0, so that −0 alone makes 0", () => {
  for (const [outer, count, inner] of [
    [5, 1, 1],
    [5, 6, 1],
    [1, 1, 5],
    [1, 6, 5],
  ]) {
    const x = new Float64Array(outer * count * inner).fill(-0);
    check(x, outer, count, inner);
    const out = new Float64Array(5);
    runShares("sum", { out, outer, inner, count, x }, [], 1);
    expect(out.every((value) => Object.is(value, 0))).toBe(true);
  }
});

test("a sum over one may be written to where it came from", () => {
  for (const [outer, inner] of [
    [9, 1],
    [1, 9],
    [5000, 1],
    [1, 5000],
    [3, 3],
  ]) {
    const x = numbers(outer * inner, 5);
    const expected = sum(new Tensor(x.slice(), [outer, 1, inner]), { axes: 1 }).data;
    runShares("sum", { out: x, outer, inner, count: 1, x }, [], 2);
    expectSameBits(x, expected, `[${outer},1,${inner}]`);
  }
});
