import {
  ArgumentError,
  createRng,
  math,
  type Rng,
  type Shape,
  ShapeError,
  tensor,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as nn from "../src/index.ts";
import { TRUNCATED_STD } from "../src/initializers.ts";
import { expectClose, expectMoments, moments } from "./support.ts";

const FAN_IN = 300;
const FAN_OUT = 700;
const shape = [FAN_IN, FAN_OUT];
const scaled = [
  ["lecunNormal", nn.lecunNormal, 1 / FAN_IN],
  ["lecunNormalTruncated", nn.lecunNormalTruncated, 1 / FAN_IN],
  ["lecunUniform", nn.lecunUniform, 1 / FAN_IN],
  ["glorotNormal", nn.glorotNormal, 2 / (FAN_IN + FAN_OUT)],
  ["glorotNormalTruncated", nn.glorotNormalTruncated, 2 / (FAN_IN + FAN_OUT)],
  ["glorotUniform", nn.glorotUniform, 2 / (FAN_IN + FAN_OUT)],
  ["heNormal", nn.heNormal, 2 / FAN_IN],
  ["heNormalTruncated", nn.heNormalTruncated, 2 / FAN_IN],
  ["heUniform", nn.heUniform, 2 / FAN_IN],
] as const;

describe.each(scaled)("%s", (name, init, variance) => {
  const values = init(shape, createRng(name));
  const spread = Math.sqrt(variance);
  const largest = Math.max(...[...values.data.subarray(0, 100000)].map(Math.abs));

  test("has mean 0 and the documented variance, within 5 standard errors", () => {
    expect(values.shape).toEqual(shape);
    expectMoments(values, 0, variance);
  });

  test("has the tails of its distribution", () => {
    if (name.endsWith("Uniform")) {
      expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * spread);
      expect(largest).toBeGreaterThan(0.999 * Math.sqrt(3) * spread);
    } else if (name.endsWith("Truncated")) {
      expect(largest).toBeLessThanOrEqual(2.27371 * spread);
      expect(largest).toBeGreaterThan(2.27 * spread);
    } else {
      expect(largest).toBeGreaterThan(3.5 * spread);
      const { fourth, variance: found } = moments(values);
      expect(Math.abs(fourth / (found * found) - 3)).toBeLessThan(5 * Math.sqrt(96 / values.size));
    }
  });

  test("repeats with the seed, differs in a second draw from the stream, takes seed 0", () => {
    const rng = createRng(0);
    const first = init([4, 5], rng);
    expect(init([4, 5], rng).data).not.toEqual(first.data);
    expect(init([4, 5], createRng(0)).data).toEqual(first.data);
  });

  test("refuses shapes without fans, bad sizes and a missing stream", () => {
    expect(() => init([5], createRng(0))).toThrow(ShapeError);
    expect(() => init([5], createRng(0))).toThrow(
      `${name}([5]): fans need a shape [in, out]; for a bias use zeros or constantInit`,
    );
    expect(() => init([], createRng(0))).toThrow(`${name}([]): fans need`);
    expect(() => init([2, Number.NaN], createRng(0))).toThrow(ShapeError);
    expect(() => init([2, -1], createRng(0))).toThrow(ShapeError);
    expect(() => init([2, 2], undefined as unknown as Rng)).toThrow(
      `${name}: rng must be a random stream from createRng(seed), got undefined`,
    );
  });
});

describe("fans", () => {
  test("are the two sizes of [in, out], times the leading ones", () => {
    expect(nn.fansOf([784, 512])).toEqual({ fanIn: 784, fanOut: 512 });
    expect(nn.fansOf([3, 3, 16, 32])).toEqual({ fanIn: 144, fanOut: 288 });
  });

  test("count as 1 where a size is 0", () => {
    expect(nn.fansOf([0, 5])).toEqual({ fanIn: 1, fanOut: 5 });
    expect(nn.lecunNormal([0, 5], createRng(0)).shape).toEqual([0, 5]);
  });
});

test("the truncated normal's spread is √(1 − 4φ(2)/(2Φ(2) − 1))", () => {
  const density = math.exp(-2) / Math.sqrt(2 * Math.PI);
  const inside = math.erf(Math.SQRT2);
  expectClose(TRUNCATED_STD, Math.sqrt(1 - (4 * density) / inside));
  expectClose(TRUNCATED_STD * TRUNCATED_STD, 0.7737413035499232);
});

describe("initializers without fans", () => {
  const big: Shape = [200000];

  test("core's zeros and constantInit fill a shape of any rank", () => {
    const init: nn.Initializer = zeros;
    expect(init([2], createRng(0)).toArray()).toEqual([0, 0]);
    expect(nn.constantInit(0.1)([2, 1], createRng(0)).toArray()).toEqual([[0.1], [0.1]]);
    expect(nn.constantInit(-3)([], createRng(0)).toArray()).toBe(-3);
  });

  test("uniform has the moments of U(low, high) and stays inside", () => {
    const x = nn.uniform({ low: -0.05, high: 0.15 })(big, createRng(1));
    expectMoments(x, 0.05, 0.04 / 12);
    expect(x.data.every((value) => value >= -0.05 && value < 0.15)).toBe(true);
  });

  test("normal has the moments of N(mean, std²)", () => {
    expectMoments(nn.normal({ mean: 2, std: 0.5 })(big, createRng(1)), 2, 0.25);
    expect(nn.normal({ mean: 2, std: 0 })([2], createRng(1)).toArray()).toEqual([2, 2]);
  });

  test("bad arguments are refused when the initializer is made", () => {
    for (const make of [
      () => nn.constantInit(Number.NaN),
      () => nn.constantInit("1" as unknown as number),
      () => nn.uniform({ low: 1, high: 0 }),
      () => nn.uniform({ low: 0, high: Number.POSITIVE_INFINITY }),
      () => nn.normal({ mean: Number.NaN, std: 1 }),
      () => nn.normal({ mean: 0, std: -1 }),
      () => nn.orthogonal({ gain: Number.NaN }),
      () => nn.orthogonal({ scale: 2 } as object),
    ]) {
      expect(make, String(make)).toThrow(ArgumentError);
    }
    expect(() => nn.uniform({ low: 1, high: 0 })).toThrow(
      "uniform: low and high must be finite and in this order",
    );
    expect(() => nn.uniform({ min: 0, high: 1 } as never)).toThrow(
      'uniform: unknown option "min"; did you mean "low"? It takes { low, high }',
    );
    expect(() => nn.normal({ mean: 0, sigma: 1 } as never)).toThrow(
      'normal: unknown option "sigma"; did you mean "std"? It takes { mean, std }',
    );
    expect(() => nn.normal({ mean: 0 } as never)).toThrow(
      "normal: std must be a finite number ≥ 0, got undefined",
    );
  });

  test("a stream is needed", () => {
    const none = undefined as unknown as Rng;
    expect(() => nn.uniform({ low: 0, high: 1 })([2], none)).toThrow(ArgumentError);
    expect(() => nn.normal({ mean: 0, std: 1 })([2], none)).toThrow(ArgumentError);
  });
});

test("an initializer that returns another shape is refused by the layer", () => {
  expect(() => new nn.Dense(2, 3, { rng: createRng(0), init: () => tensor([1, 2]) })).toThrow(
    "Dense(2, 3): the initializer returned shape [2] instead of [2,3]",
  );
});
