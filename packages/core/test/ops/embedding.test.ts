import { describe, expect, test } from "vitest";
import { backward, embedding, oneHot, tensor, variable } from "../../src/index.ts";

describe("embedding", () => {
  const weight = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];

  test("looks up a row for each index, for indices of any shape", () => {
    expect(embedding(tensor(weight), 1).toArray()).toEqual([3, 4]);
    expect(embedding(tensor(weight), tensor([[2, 0]])).toArray()).toEqual([
      [
        [5, 6],
        [1, 2],
      ],
    ]);
    expect(embedding(tensor(weight), tensor([], [2, 0])).shape).toEqual([2, 0, 2]);
  });

  test("adds up the gradients of a row looked up several times; the others get 0", () => {
    const w = variable(tensor(weight));
    const y = embedding(w, tensor([2, 0, 2]));
    const cotangent = tensor([
      [1, 2],
      [10, 20],
      [100, 200],
    ]);
    expect(backward(y, { cotangent }).of(w).toArray()).toEqual([
      [10, 20],
      [0, 0],
      [101, 202],
    ]);
  });

  test("names the index that is out of range, its position and the size", () => {
    expect(() =>
      embedding(
        tensor(weight),
        tensor([
          [0, 1],
          [3, 1],
        ]),
      ),
    ).toThrow("embedding([3,2], [2,2]): index 3 at [1,0] is out of range: axis 0 has size 3");
  });
});

describe("oneHot", () => {
  test("has a single 1 for each index", () => {
    expect(oneHot(tensor([2, 0]), { classes: 3 }).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(oneHot(1, { classes: 2 }).toArray()).toEqual([0, 1]);
    expect(oneHot(tensor([]), { classes: 2 }).shape).toEqual([0, 2]);
  });

  test("refuses an index equal to the number of classes and NaN", () => {
    expect(() => oneHot(tensor([0, 2]), { classes: 2 })).toThrow(
      "oneHot([2]): index 2 at [1] is out of range",
    );
    expect(() => oneHot(tensor([Number.NaN]), { classes: 2 })).toThrow(
      "index NaN at [0] is not a whole number",
    );
  });
});
