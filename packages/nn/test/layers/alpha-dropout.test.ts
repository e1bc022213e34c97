import { ArgumentError, createRng, ones } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  AlphaDropout,
  alphaDropout,
  FeatureAlphaDropout,
  type FixedPoint,
  featureAlphaDropout,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectMoments } from "../support.ts";

const train = () => ({ train: true, rng: createRng("masks") }) as const;

describe.each([
  ["AlphaDropout", AlphaDropout, alphaDropout],
  ["FeatureAlphaDropout", FeatureAlphaDropout, featureAlphaDropout],
] as const)("%s", (name, Layer, op) => {
  test("is the identity in evaluation and its op in training", () => {
    const x = createRng("x").normal([20, 5, 3]);
    expect(new Layer(0.3).forward(x)).toBe(x);
    expect(new Layer(0.3).forward(x, train()).data).toEqual(op(x, { p: 0.3, rng: createRng("masks") }).data);
    const fixedPoint = [-0.1, 2] as const;
    expect(new Layer(0.3, { fixedPoint }).forward(x, train()).data).toEqual(
      op(x, { p: 0.3, fixedPoint, rng: createRng("masks") }).data,
    );
  });

  test("keeps mean 0 and variance 1 of normal units in training", () => {
    const x = createRng("x").normal([1000, 1000]);
    expectMoments(new Layer(0.1).forward(x, train()), 0, 1);
  });

  test("draws another mask at every step, and the same masks for the same seed, 0 included", () => {
    const x = ones([40, 5]);
    const [rng, again] = [createRng(0), createRng(0)];
    const layer = new Layer(0.5);
    const steps = [1, 2, 3].map(() => layer.forward(x, { train: true, rng }).data.join());
    expect(new Set(steps).size).toBe(3);
    expect([1, 2, 3].map(() => layer.forward(x, { train: true, rng: again }).data.join())).toEqual(steps);
  });

  test("passes the gradient checks in both modes", () => {
    checkLayer(new Layer(0.4), [awayFromKinks([3, 4, 2])]);
    checkLayer(new Layer(0.4), [awayFromKinks([3, 4, 2])], true);
  });

  test("refuses bad arguments, and has its options in its text", () => {
    for (const p of [-0.1, 1.1, Number.NaN, "0.5" as unknown as number]) {
      expect(() => new Layer(p)).toThrow(ArgumentError);
    }
    expect(() => new Layer(Number.NaN)).toThrow(`${name}: p must be in [0, 1], got NaN`);
    for (const fixedPoint of [[0, 0], [0, -1], [Number.NaN, 1], [0], 1]) {
      expect(() => new Layer(0.1, { fixedPoint: fixedPoint as unknown as FixedPoint })).toThrow(
        `${name}: fixedPoint must be a finite mean and a variance > 0, got`,
      );
    }
    expect(String(new Layer(0.05))).toBe(`${name}(0.05)`);
    expect(String(new Layer(0.05, { fixedPoint: [0, 2] }))).toBe(`${name}(0.05, fixedPoint=[0, 2])`);
  });
});

test("FeatureAlphaDropout refuses inputs without channels in either mode", () => {
  const layer = new FeatureAlphaDropout(0.5);
  const message = "FeatureAlphaDropout(0.5): expects an input [N, ..., C], got [3]";
  expect(() => layer.forward(ones([3]))).toThrow(message);
  expect(() => layer.forward(ones([3]), train())).toThrow(message);
});

test("FeatureAlphaDropout drops whole channels of images, the last axis, and keeps mean and variance", () => {
  const [n, positions, channels] = [1000, 6 * 5, 16];
  const x = createRng("images").normal([n, 6, 5, channels]);
  const out = new FeatureAlphaDropout(0.2).forward(x, train());
  // The n·channels masks are the independent draws. A channel has the mean b or a·α′ + b and the mean square a² + b² or
  // (a·α′ + b)²: over the channels these have the variances 0.39 and 0.15, sampling error included.
  const mean = out.data.reduce((sum, value) => sum + value, 0) / out.size;
  const variance = out.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / out.size;
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(0.42 / (n * channels)));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(0.15 / (n * channels)));
  // a·α′ + b for p = 0.2, by 40-digit arithmetic from the paper's formula.
  const isDropped = (i: number): boolean => Math.abs(out.data[i] + 1.2361598485763781) < 1e-12;
  let dropped = 0;
  for (let sample = 0; sample < n; sample++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (position: number): number => (sample * positions + position) * channels + channel;
      const whole = isDropped(at(0));
      if (whole) dropped++;
      for (let position = 0; position < positions; position++) {
        if (isDropped(at(position)) !== whole)
          throw new Error(`channel ${channel} of sample ${sample} is split`);
      }
    }
  }
  // Five standard errors of a share of 0.2.
  expect(Math.abs(dropped / (n * channels) - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / (n * channels)));
});
