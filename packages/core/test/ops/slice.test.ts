import { describe, expect, test } from "vitest";
import { ArgumentError, backward, flip, pad, slice, tensor, variable } from "../../src/index.ts";

const range = tensor([0, 1, 2, 3, 4]);

describe("slice", () => {
  test("takes start … end − 1 by step, negative bounds from the end, clipped", () => {
    expect(slice(range, { axis: 0, start: 1, end: 4 }).toArray()).toEqual([1, 2, 3]);
    expect(slice(range, { axis: 0, start: -2 }).toArray()).toEqual([3, 4]);
    expect(slice(range, { axis: 0, end: -1, step: 2 }).toArray()).toEqual([0, 2]);
    expect(slice(range, { axis: 0, step: 3 }).toArray()).toEqual([0, 3]);
    expect(slice(range, { axis: 0, start: -99, end: 99, step: 99 }).toArray()).toEqual([0]);
    expect(slice(range, { axis: 0, start: 3, end: 2 }).toArray()).toEqual([]);
  });

  test("puts the gradient at the positions of the elements", () => {
    const x = variable(range);
    const y = slice(x, { axis: 0, start: 1, step: 3 });
    expect(
      backward(y, { cotangent: tensor([7, 8]) })
        .of(x)
        .toArray(),
    ).toEqual([0, 7, 0, 0, 8]);
  });

  test("of no elements can be differentiated twice, for any step", () => {
    const x = variable(range);
    const g = variable(tensor([]));
    const first = backward(slice(x, { axis: 0, end: 0, step: 2 }), { cotangent: g, differentiable: true }).of(
      x,
    );
    expect(first.toArray()).toEqual([0, 0, 0, 0, 0]);
    expect(backward(first.sum()).of(g).shape).toEqual([0]);
  });
});

describe("pad", () => {
  test("adds before and after along each axis", () => {
    expect(
      pad(tensor([[1, 2]]), {
        widths: [
          [1, 0],
          [0, 2],
        ],
        value: 9,
      }).toArray(),
    ).toEqual([
      [9, 9, 9, 9],
      [1, 2, 9, 9],
    ]);
    expect(pad(tensor([], [0]), { widths: [[1, 1]], value: Number.NaN }).toArray()).toEqual([NaN, NaN]);
    expect(pad(5, { widths: [] }).item()).toBe(5);
  });

  test("refuses widths with holes", () => {
    const holes = new Array(2);
    for (const widths of [[holes], new Array(1), [[-1, 0]], [[1, 2, 3]]]) {
      expect(() => pad(tensor([1, 2]), { widths: widths as never })).toThrow(ArgumentError);
    }
  });

  test("has the gradient of the inner elements", () => {
    const x = variable(tensor([[1, 2]]));
    const y = pad(x, {
      widths: [
        [1, 0],
        [1, 1],
      ],
    });
    const cotangent = tensor([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(backward(y, { cotangent }).of(x).toArray()).toEqual([[6, 7]]);
  });

  test("does not change its input", () => {
    const x = tensor([1, 2]);
    pad(x, { widths: [[0, 0]] }).assign([5, 6]);
    expect(x.toArray()).toEqual([1, 2]);
  });
});

describe("flip", () => {
  test("reverses only the given axes", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(flip(x, { axes: 1 }).toArray()).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(flip(x, { axes: [0] }).toArray()).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(flip(x, { axes: [0, -1] }).toArray()).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(flip(x, { axes: [] }).toArray()).toEqual(x.toArray());
  });
});
