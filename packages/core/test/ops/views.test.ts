import { describe, expect, test } from "vitest";
import {
  backward,
  flatten,
  permute,
  reshape,
  squeeze,
  tensor,
  transpose,
  unsqueeze,
  variable,
} from "../../src/index.ts";

const cube = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2]);

describe("views", () => {
  test("permute and transpose move elements, reshape does not", () => {
    expect(
      transpose(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ).toArray(),
    ).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(permute(cube, { axes: [2, 0, 1] }).toArray()).toEqual([
      [
        [1, 3, 5],
        [7, 9, 11],
      ],
      [
        [2, 4, 6],
        [8, 10, 12],
      ],
    ]);
    expect(reshape(cube, { shape: [4, -1] }).data).toEqual(cube.data);
  });

  test("the gradient of a permutation is permuted back", () => {
    const x = variable(cube);
    const y = permute(x, { axes: [2, 0, 1] });
    expect(backward(y, { cotangent: y.detach() }).of(x).toArray()).toEqual(cube.toArray());
  });

  test("flatten merges a range of axes, and makes a vector of a scalar", () => {
    expect(flatten(cube, { start: 1 }).shape).toEqual([2, 6]);
    expect(flatten(cube, { end: -2 }).shape).toEqual([6, 2]);
    expect(flatten(tensor(5)).shape).toEqual([1]);
  });

  test("squeeze drops axes of size 1 alone, unsqueeze inserts one anywhere", () => {
    const x = tensor([1, 2], [1, 2, 1]);
    expect(squeeze(x).shape).toEqual([2]);
    expect(squeeze(x, { axes: -1 }).shape).toEqual([1, 2]);
    expect(() => squeeze(x, { axes: 1 })).toThrow("squeeze([1,2,1]): axis 1 has size 2, not 1");
    expect(unsqueeze(tensor([1, 2]), { axis: -1 }).shape).toEqual([2, 1]);
    expect(unsqueeze(tensor(3), { axis: 0 }).shape).toEqual([1]);
  });

  test("a view does not share its numbers with what it was made from", () => {
    const x = tensor([1, 2]);
    reshape(x, { shape: [2, 1] }).assign([8, 9]);
    expect(x.toArray()).toEqual([1, 2]);
  });
});
