import { describe, expect, test } from "vitest";
import { backward, gather, indexSelect, tensor, variable } from "../../src/index.ts";
import { gradcheck, gradgradcheck } from "../../src/testing/index.ts";

const table = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("indexSelect", () => {
  test("takes entries along its axis, in any order and number", () => {
    expect(indexSelect(table, tensor([2, 0, 2]), { axis: 1 }).toArray()).toEqual([
      [3, 1, 3],
      [6, 4, 6],
    ]);
    expect(indexSelect(table, tensor([1]), { axis: -2 }).toArray()).toEqual([[4, 5, 6]]);
    expect(indexSelect(table, tensor([]), { axis: 0 }).shape).toEqual([0, 3]);
  });

  test("the axes of the indices replace the axis", () => {
    expect(indexSelect(table, 2, { axis: 1 }).toArray()).toEqual([3, 6]);
    expect(
      indexSelect(
        table,
        tensor([
          [0, 1],
          [2, 0],
        ]),
        { axis: 1 },
      ).shape,
    ).toEqual([2, 2, 2]);
  });

  test("adds up the gradients of an entry taken several times, in the order of the indices", () => {
    const x = variable(tensor([5, 6]));
    const y = indexSelect(x, tensor([0, 0, 1, 0]), { axis: 0 });
    expect(
      backward(y, { cotangent: tensor([1e16, 1, 7, -1e16]) })
        .of(x)
        .toArray(),
    ).toEqual([0, 7]);
  });
});

describe("gather", () => {
  test("takes one element per index", () => {
    expect(
      gather(
        table,
        tensor([
          [2, 2],
          [0, 1],
        ]),
        { axis: 1 },
      ).toArray(),
    ).toEqual([
      [3, 3],
      [4, 5],
    ]);
    expect(gather(table, tensor([[1, 0, 1]]), { axis: 0 }).toArray()).toEqual([[4, 2, 6]]);
  });

  test("takes fewer elements along other axes for fewer indices", () => {
    expect(gather(table, tensor([[2, 0]]), { axis: 1 }).toArray()).toEqual([[3, 1]]);
    expect(gather(table, tensor([[1], [0]]), { axis: 0 }).toArray()).toEqual([[4], [1]]);
  });

  test("adds up the gradients of an element taken several times, in the order of the indices", () => {
    const x = variable(tensor([5, 6]));
    const y = gather(x, tensor([1, 1, 1]), { axis: 0 });
    expect(
      backward(y, { cotangent: tensor([1e16, 1, -1e16]) })
        .of(x)
        .toArray(),
    ).toEqual([0, 0]);
    const z = gather(x, tensor([1, 1, 1]), { axis: 0 });
    expect(
      backward(z, { cotangent: tensor([1e16, -1e16, 1]) })
        .of(x)
        .toArray(),
    ).toEqual([0, 1]);
  });
});

test("indices at the ends of the axis are the last that are allowed", () => {
  expect(indexSelect(table, tensor([0, 2]), { axis: 1 }).shape).toEqual([2, 2]);
  expect(() => indexSelect(table, tensor([0, 3]), { axis: 1 })).toThrow(
    "indexSelect([2,3], [2]): index 3 at [1] is out of range: axis 1 has size 3",
  );
  expect(() => gather(table, tensor([[-1]]), { axis: 0 })).toThrow(
    "gather([2,3], [1,1]): index -1 at [0,0] is out of range: axis 0 has size 2; negative ones do not count from the end",
  );
  expect(() => indexSelect(table, Infinity, { axis: 0 })).toThrow("index Infinity is not a whole number");
});

test("indices are checked even for an empty x", () => {
  expect(() => indexSelect(tensor([], [0, 2]), tensor([2]), { axis: 1 })).toThrow(
    "index 2 at [0] is out of range",
  );
});

test("no gradient flows to indices, and the gradient checks skip constants", () => {
  const indices = variable(tensor([1, 0]));
  const x = variable(tensor([5, 6]));
  expect(backward(indexSelect(x, indices, { axis: 0 }).sum()).get(indices)).toBeUndefined();
  const f = (...[a, b]: Parameters<typeof Array.of<typeof x>>) => indexSelect(a, b, { axis: 0 }).square();
  gradcheck(f, [x, indices], { constants: [1] });
  gradgradcheck(f, [x, indices], { constants: [1] });
  expect(() => gradcheck(f, [x, indices])).toThrow("is not a whole number");
});
