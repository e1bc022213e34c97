import { describe, expect, test } from "vitest";
import { broadcastTo, mean, sum, tensor } from "../../src/index.ts";
import { forEachElement } from "../../src/ops/reductions.ts";
import { reductionSamples } from "../samples/reduce.ts";

describe("the sum", () => {
  test("adds one at a time from the first to the last element", () => {
    // 1e16 + 1 is 1e16: the ones that meet 1e16 are lost, the last one is not.
    expect(sum(tensor([1e16, 1, -1e16])).item()).toBe(0);
    expect(sum(tensor([1, 1e16, -1e16])).item()).toBe(0);
    expect(sum(tensor([1e16, -1e16, 1])).item()).toBe(1);
  });

  test("adds in row-major order of the reduced axes, adjacent or not", () => {
    // Elements 0, 1, 4, 5 go into the first sum, in this order; 2, 3, 6, 7 into the second.
    const x = tensor([1e16, -1e16, 1, 1e16, 1, 2, -1e16, 1], [2, 2, 2]);
    expect(sum(x, { axes: [0, 2] }).toArray()).toEqual([3, 1]);
    expect(sum(x, { axes: [2, 0] }).toArray()).toEqual([3, 1]);
    expect(
      sum(
        tensor([
          [1e16, 5],
          [1, 1e16],
          [-1e16, -1e16],
        ]),
        { axes: 0 },
      ).toArray(),
    ).toEqual([0, 4]);
  });

  test("of nothing is 0, over no axes x itself", () => {
    expect(sum(tensor([], [2, 0]), { axes: 1 }).toArray()).toEqual([0, 0]);
    expect(sum(tensor([], [0, 2]), { axes: 1 }).shape).toEqual([0]);
    expect(sum(tensor([[1, 2]]), { axes: [] }).toArray()).toEqual([[1, 2]]);
  });

  test("of NaN is NaN, and of opposite infinities too", () => {
    expect(sum(tensor([1, Number.NaN])).item()).toBeNaN();
    expect(sum(tensor([Infinity, -Infinity])).item()).toBeNaN();
  });
});

test("the mean of nothing is NaN", () => {
  expect(mean(tensor([])).item()).toBeNaN();
  expect(
    mean(
      tensor([
        [1, 2],
        [3, 6],
      ]),
      { axes: -1, keepDims: true },
    ).toArray(),
  ).toEqual([[1.5], [4.5]]);
});

test("broadcastTo repeats along missing axes and axes of size 1", () => {
  expect(broadcastTo(tensor([[1], [2]]), { shape: [2, 2, 2] }).toArray()).toEqual([
    [
      [1, 1],
      [2, 2],
    ],
    [
      [1, 1],
      [2, 2],
    ],
  ]);
});

test("forEachElement visits the elements in order and says which result they go into", () => {
  const visited: number[][] = [];
  forEachElement([2, 3], { axes: 0 }, (k, i) => visited.push([k, i]));
  expect(visited).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [0, 3],
    [1, 4],
    [2, 5],
  ]);
  const outer: number[] = [];
  forEachElement([2, 2, 2], { axes: [0, 2] }, (k) => outer.push(k));
  expect(outer).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

test("the samples of a reduction leave out those with too few elements to a result", () => {
  const shapes = (atLeast: number) =>
    reductionSamples({}, atLeast).map(({ inputs: [x] }) => "shape" in x && x.shape.join());
  expect(shapes(0)).toContain("0");
  expect(shapes(1)).not.toContain("0");
  expect(shapes(1)).toContain("");
  expect(shapes(2)).not.toContain("");
});
