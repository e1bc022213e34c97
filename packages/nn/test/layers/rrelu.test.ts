import { ArgumentError, createRng, ones, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { RReLU, rrelu } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

describe("RReLU", () => {
  test("evaluates with the mean slope", () => {
    expectAllClose(new RReLU().forward(tensor([-1, 2])), [-0.22916666666666666, 2], 1e-15);
    expectAllClose(new RReLU({ lower: 0.1, upper: 0.5 }).forward(tensor([-10])), [-3], 1e-15);
  });

  test("draws its slopes in training, from its own bounds", () => {
    const x = ones([1000]).neg();
    const y = new RReLU({ lower: 0.1, upper: 0.2 }).forward(x, { train: true, rng: createRng(0) });
    expect(y.data).toEqual(rrelu(x, { lower: 0.1, upper: 0.2, rng: createRng(0) }).data);
    expect(new Set(y.data).size).toBe(1000);
  });

  test("passes the gradient checks in both modes", () => {
    checkLayer(new RReLU(), [awayFromKinks([2, 3])]);
    checkLayer(new RReLU(), [awayFromKinks([2, 3])], true);
  });

  test("refuses bad bounds, and has its options in its text", () => {
    expect(() => new RReLU({ lower: 0.5, upper: 0.1 })).toThrow(ArgumentError);
    expect(() => new RReLU({ lower: 0.5, upper: 0.1 })).toThrow(
      "RReLU: lower and upper must be finite and in this order, got [0.5,0.1]",
    );
    expect(() => new RReLU({ upper: Number.NaN })).toThrow(ArgumentError);
    expect(String(new RReLU({ lower: 0.1, upper: 0.2 }))).toBe("RReLU(lower=0.1, upper=0.2)");
  });
});
