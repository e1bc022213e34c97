import { ArgumentError, ones, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { PReLU } from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

describe("PReLU", () => {
  test("starts with the slope 1/4, one for all or one for each channel", () => {
    expect(new PReLU().slope.toArray()).toEqual([0.25]);
    expect(new PReLU(3, { init: 0.1 }).slope.toArray()).toEqual([0.1, 0.1, 0.1]);
    expect(new PReLU().forward(tensor([[-4, 4]])).toArray()).toEqual([[-1, 4]]);
  });

  test("passes the gradient checks for input and slopes", () => {
    checkLayer(new PReLU(), [awayFromKinks([2, 3])]);
    checkLayer(new PReLU(3), [awayFromKinks([2, 3])]);
    checkLayer(new PReLU(3), [awayFromKinks([2, 2, 3])], true);
  });

  test("refuses other numbers of channels and bad arguments", () => {
    expect(() => new PReLU(3).forward(ones([2, 4]))).toThrow(
      "PReLU(3): expects an input [N, ..., 3], got [2,4]",
    );
    expect(() => new PReLU(3).forward(zeros([3]))).toThrow("PReLU(3): expects an input [N, ..., 3], got [3]");
    for (const make of [() => new PReLU(0), () => new PReLU(1.5), () => new PReLU(1, { init: Number.NaN })]) {
      expect(make).toThrow(ArgumentError);
    }
    expect(() => new PReLU(0)).toThrow("PReLU: channels must be a whole number ≥ 1, got 0");
  });
});
