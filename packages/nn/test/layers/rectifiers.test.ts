import { ArgumentError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { CELU, ELU, type Layer, LeakyReLU, ReLU, ReLU6 } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

// Each layer, how it prints, and its values at -2, 0.5 and 7, computed from its formula with 40 digits.
const table: readonly (readonly [string, Layer, readonly number[]])[] = [
  ["ReLU()", new ReLU(), [0, 0.5, 7]],
  ["ReLU6()", new ReLU6(), [0, 0.5, 6]],
  ["LeakyReLU(slope=0.01)", new LeakyReLU(), [-0.02, 0.5, 7]],
  ["LeakyReLU(slope=0.2)", new LeakyReLU({ slope: 0.2 }), [-0.4, 0.5, 7]],
  ["ELU(alpha=1)", new ELU(), [-0.8646647167633873, 0.5, 7.0]],
  ["ELU(alpha=2)", new ELU({ alpha: 2 }), [-1.7293294335267746, 0.5, 7]],
  ["CELU(alpha=1)", new CELU(), [-0.8646647167633873, 0.5, 7.0]],
  ["CELU(alpha=2)", new CELU({ alpha: 2 }), [-1.2642411176571153, 0.5, 7.0]],
];

describe.each(table)("%s", (name, layer, values) => {
  test("has the values of its formula, and prints itself", () => {
    expectAllClose(layer.forward(tensor([-2, 0.5, 7])), values, 1e-14);
    expect(String(layer)).toBe(name);
  });

  test("passes the gradient checks", () => {
    checkLayer(layer, [awayFromKinks([2, 5])]);
  });
});

test("bad options are refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "1" as unknown as number]) {
    expect(() => new LeakyReLU({ slope: value })).toThrow(ArgumentError);
    expect(() => new ELU({ alpha: value })).toThrow(ArgumentError);
    expect(() => new CELU({ alpha: value })).toThrow(ArgumentError);
  }
  expect(() => new LeakyReLU({ slope: Number.NaN })).toThrow(
    "LeakyReLU: slope must be a finite number, got NaN",
  );
  expect(() => new CELU({ alpha: 0 })).toThrow("CELU: alpha must not be 0");
});
