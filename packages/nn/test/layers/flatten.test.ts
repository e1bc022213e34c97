import { ones, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Flatten } from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

describe("Flatten", () => {
  test("keeps the batch axis and merges the others", () => {
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(new Flatten().forward(x).toArray()).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(new Flatten().forward(ones([3, 4])).shape).toEqual([3, 4]);
    expect(new Flatten().forward(ones([3])).shape).toEqual([3, 1]);
    expect(new Flatten().forward(ones([0, 2, 3])).shape).toEqual([0, 6]);
    expect(new Flatten().forward(ones([2, 0, 3])).shape).toEqual([2, 0]);
  });

  test("passes the gradient checks, and has its options in its text", () => {
    checkLayer(new Flatten(), [awayFromKinks([2, 2, 2])]);
    expect(String(new Flatten())).toBe("Flatten()");
  });

  test("refuses a scalar", () => {
    expect(() => new Flatten().forward(tensor(1))).toThrow("Flatten(): expects an input [N, ...], got []");
  });
});
