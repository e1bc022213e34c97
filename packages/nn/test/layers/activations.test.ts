import { ArgumentError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  GELU,
  type GeluForm,
  Hardtanh,
  type Layer,
  LogSigmoid,
  Mish,
  Sigmoid,
  SiLU,
  Softplus,
  Softsign,
  Tanh,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

// Each layer, how it prints, and its values at -2, 0.5 and 7, computed from its formula with 40 digits.
const table: readonly (readonly [string, Layer, readonly number[]])[] = [
  ["GELU()", new GELU(), [-0.04550026389635842, 0.34573123063700656, 6.999999999991041]],
  [
    "GELU(approximate=tanh)",
    new GELU({ approximate: "tanh" }),
    [-0.04540230591222498, 0.34571400982514394, 6.999999999999997],
  ],
  ["SiLU()", new SiLU(), [-0.23840584404423512, 0.3112296656009273, 6.993622641639195]],
  ["Mish()", new Mish(), [-0.2525014826957089, 0.37524521130489513, 6.999988379809741]],
  ["Sigmoid()", new Sigmoid(), [0.11920292202211756, 0.6224593312018546, 0.9990889488055994]],
  ["LogSigmoid()", new LogSigmoid(), [-2.1269280110429727, -0.4740769841801067, -0.0009114664537742447]],
  ["Tanh()", new Tanh(), [-0.9640275800758169, 0.46211715726000974, 0.9999983369439447]],
  ["Softplus()", new Softplus(), [0.1269280110429725, 0.9740769841801067, 7.000911466453775]],
  ["Softsign()", new Softsign(), [-0.6666666666666666, 0.3333333333333333, 0.875]],
  ["Hardtanh(low=-1, high=1)", new Hardtanh(), [-1, 0.5, 1]],
  ["Hardtanh(low=0, high=3)", new Hardtanh({ low: 0, high: 3 }), [0, 0.5, 3]],
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
  expect(() => new GELU({ approximate: "erf" as GeluForm })).toThrow(ArgumentError);
  expect(() => new GELU({ approximate: "erf" as GeluForm })).toThrow(
    'GELU: approximate must be "none" or "tanh", got "erf"',
  );
  expect(() => new Hardtanh({ low: 1, high: 1 })).toThrow("Hardtanh: needs low < high, got 1 and 1");
  expect(() => new Hardtanh({ low: Number.NaN })).toThrow(ArgumentError);
});
