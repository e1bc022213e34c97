import { backward, createRng, ones, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  AlphaDropout,
  Dense,
  type Initializer,
  lecunNormal,
  normal,
  SELU,
  Sequential,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectClose, moments } from "../support.ts";

// x, selu(x), selu'(x): 50-digit arithmetic from equation 2 of the paper.
const table = [
  [0.1895, 0.19910783710386354, 1.0507009873554805],
  [-0.8333, -0.9940070476190151, 0.7640922932283617],
  [1, 1.0507009873554805, 1.0507009873554805],
  [-1, -1.1113307378125628, 0.6467686030348141],
  [-2, -1.520166468595695, 0.23793287225168183],
  [-0.5, -0.6917581878028713, 1.0663411530445055],
  [-1e-8, -1.7580993320568802e-8, 1.7580993232663835],
  [-1e-300, -1.758099340847377e-300, 1.7580993408473768],
  [-20, -1.758099337223664, 3.6237128249944117e-9],
  [-40, -1.7580993408473768, 7.469028815914292e-18],
  [-700, -1.7580993408473768, 1.7334290832552396e-304],
  [710, 745.9977010223912, 1.0507009873554805],
] as const;

describe("SELU", () => {
  test.each(table)("of %d is %d with slope %d", (at, value, slope) => {
    const x = variable(tensor(at));
    const y = new SELU().forward(x);
    expectClose(y.item(), value, 1e-15);
    expectClose(backward(y).of(x).item(), slope, 1e-15);
  });

  test("has the left slope λα at 0, and IEEE's special values", () => {
    const x = variable(tensor([0, -0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]));
    const y = new SELU().forward(x);
    expect(y.toArray()).toEqual([0, -0, -1.7580993408473768, Number.POSITIVE_INFINITY, Number.NaN]);
    const [zero, minusZero, left, right, nan] = backward(y, { cotangent: ones([5]) }).of(x).data;
    expectClose(zero, 1.7580993408473768, 1e-15);
    expect(minusZero).toBe(zero);
    expect(left).toBe(0);
    expectClose(right, 1.0507009873554805, 1e-15);
    expect(nan).toBeNaN();
  });

  test("passes the gradient checks", () => {
    checkLayer(new SELU(), [awayFromKinks([3, 4])]);
    expect(String(new SELU())).toBe("SELU()");
  });
});

const WIDTH = 256;

function through(depth: number, init: Initializer, dropout = 0): Tensor {
  const rng = createRng("weights");
  const layers = Array.from({ length: depth }, () => [
    new Dense(WIDTH, WIDTH, { rng, init }),
    new SELU(),
    ...(dropout > 0 ? [new AlphaDropout(dropout)] : []),
  ]).flat();
  const x = createRng("inputs").normal([256, WIDTH]);
  return new Sequential(...layers).forward(x, { train: true, rng: createRng("masks") });
}

describe("a deep net of Dense and SELU", () => {
  test.each([8, 16])("of %d layers keeps mean 0 and variance 1 with LeCun normal weights", (depth) => {
    const { mean, variance } = moments(through(depth, lecunNormal));
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.12);
  });

  test("keeps them with alpha dropout in between too", () => {
    const { mean, variance } = moments(through(8, lecunNormal, 0.1));
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.12);
  });

  // What the mean-field map gives for weights of another variance: the signal fades.
  test.each([
    [0.7737413035499232, 0.437],
    [0.5625, 0.13],
  ])("of 8 layers loses variance for weights of variance %d/n", (factor, expected) => {
    const init = normal({ mean: 0, std: Math.sqrt(factor / WIDTH) });
    expect(Math.abs(moments(through(8, init)).variance / expected - 1)).toBeLessThan(0.15);
  });
});
