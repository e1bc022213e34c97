import { backward, createRng, full, math, ones, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  alphaDropout,
  alphaDropoutCoefficients,
  bernoulliMask,
  featureAlphaDropout,
} from "../../src/index.ts";
import { ALPHA_PRIME } from "../../src/ops/alpha-dropout.ts";
import { expectClose, expectMoments } from "../support.ts";

// p, a, b and the value of a dropped unit, computed with 40 digits from the formula of the paper.
const table = [
  [0.05, 0.9548444760050309, 0.08393557219381019, -1.5947758716823934],
  [0.1, 0.9212845161497115, 0.16197097005757022, -1.4577387305181322],
  [0.2, 0.8789035834435328, 0.3090399621440945, -1.236159848576378],
  [0.3, 0.860952616246356, 0.45409206813706293, -1.0595481589864801],
  [0.5, 0.8864048946659319, 0.7791939305180317, -0.7791939305180317],
  [0.7, 1.0264691263084007, 1.2632442860540876, -0.5413904083088946],
] as const;

describe("the coefficients of alpha dropout", () => {
  test.each(table)("for p = %d are those of the paper's formula", (p, a, b, dropped) => {
    const found = alphaDropoutCoefficients(p);
    expectClose(found.a, a, 1e-15);
    expectClose(found.b, b, 1e-15);
    expectClose(found.dropped, dropped, 1e-15);
    expectClose(found.dropped, a * ALPHA_PRIME * (1 - p), 1e-15);
  });

  test("α′ is −λα, with λ and α from equation 14", () => {
    const e = math.exp(1);
    const c1 = math.erfc(Math.SQRT1_2);
    const alpha = -Math.sqrt(2 / Math.PI) / (c1 * Math.sqrt(e) - 1);
    const lambda =
      ((1 - c1 * Math.sqrt(e)) * Math.sqrt(2 * Math.PI)) /
      Math.sqrt(
        2 * math.erfc(Math.SQRT2) * e * e +
          Math.PI * c1 * c1 * e -
          2 * (2 + Math.PI) * c1 * Math.sqrt(e) +
          Math.PI +
          2,
      );
    expectClose(ALPHA_PRIME, -lambda * alpha, 4e-15);
  });

  test("do not exist for p = 1, a wrong probability or a wrong fixed point", () => {
    expect(() => alphaDropoutCoefficients(1)).toThrow("alphaDropoutCoefficients: p = 1 keeps nothing");
    expect(() => alphaDropoutCoefficients(-1)).toThrow(
      "alphaDropoutCoefficients: p must be in [0, 1], got -1",
    );
    expect(() => alphaDropoutCoefficients(0.1, [0, 0])).toThrow(
      "alphaDropoutCoefficients: fixedPoint must be",
    );
  });

  test("for any fixed point restore mean and variance exactly", () => {
    for (const [mu, nu] of [
      [0, 1],
      [0, 2],
      [-0.1, 2],
      [0.5, 0.25],
    ]) {
      for (const p of [0, 0.1, 0.5, 0.9]) {
        const { a, b, dropped } = alphaDropoutCoefficients(p, [mu, nu]);
        const mean = (1 - p) * (a * mu + b) + p * dropped;
        const square = (1 - p) * (a * a * nu + (a * mu + b) ** 2) + p * dropped ** 2;
        expect(mean).toBeCloseTo(mu, 13);
        expect(square - mean * mean).toBeCloseTo(nu, 13);
      }
    }
  });
});

describe("alphaDropout", () => {
  const n = 1000000;
  const normal = createRng("units").normal([n]);

  test.each([0.05, 0.1, 0.2, 0.5, 0.9])(
    "keeps mean 0 and variance 1 of a million normal units, p = %d",
    (p) => {
      expectMoments(alphaDropout(normal, { p, rng: createRng("mask") }), 0, 1);
    },
  );

  test.each([0.05, 0.1, 0.2, 0.5])("keeps another fixed point, p = %d", (p) => {
    const x = createRng("units").normal([n], { mean: -0.1, std: Math.SQRT2 });
    const rng = createRng("mask");
    expectMoments(alphaDropout(x, { p, fixedPoint: [-0.1, 2], rng }), -0.1, 2);
  });

  test.each(table)("maps kept and dropped units as the table says, p = %d", (p, a, b, dropped) => {
    const x = createRng("x").normal([300]);
    const mask = bernoulliMask({ shape: [300], probability: 1 - p, rng: createRng("mask") });
    const out = alphaDropout(x, { p, rng: createRng("mask") });
    const drops = mask.data.filter((kept) => kept === 0).length;
    expect(Math.abs(drops - 300 * p)).toBeLessThan(5 * Math.sqrt(300 * p * (1 - p)));
    out.data.forEach((y, i) => {
      if (mask.data[i] === 0) expectClose(y, dropped, 1e-15);
      else expect(Math.abs(y - (a * x.data[i] + b))).toBeLessThan(1e-14);
    });
  });

  test("has gradient a where kept and exactly 0 where dropped", () => {
    const x = variable(createRng("x").normal([300]));
    const out = alphaDropout(x, { p: 0.3, rng: createRng("mask") });
    const { a, dropped } = alphaDropoutCoefficients(0.3);
    const gradient = backward(out, { cotangent: ones([300]) }).of(x);
    expect([...gradient.data]).toEqual(Array.from(out.data, (y) => (y === dropped ? 0 : a)));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d leaves no trace where it is dropped, in the value or in the gradient",
    (value) => {
      const x = variable(full([200], value));
      const out = alphaDropout(x, { p: 0.5, rng: createRng(0) });
      const { a, dropped } = alphaDropoutCoefficients(0.5);
      expect(new Set(out.data)).toEqual(new Set([value, dropped]));
      const gradient = backward(out, { cotangent: ones([200]) }).of(x);
      expect([...gradient.data]).toEqual(Array.from(out.data, (y) => (y === dropped ? 0 : a)));
    },
  );

  test.each([alphaDropout, featureAlphaDropout])("p = 0 is the identity and p = 1 gives zeros", (op) => {
    const x = variable(tensor([[1, Number.POSITIVE_INFINITY, Number.NaN]]));
    const rng = createRng(0);
    expect(op(x, { p: 0, rng })).toBe(x);
    const zeroed = op(x, { p: 1, rng });
    expect(zeroed.toArray()).toEqual([[0, 0, 0]]);
    expect(
      backward(zeroed, { cotangent: ones([1, 3]) })
        .of(x)
        .toArray(),
    ).toEqual([[0, 0, 0]]);
  });
});

describe("featureAlphaDropout", () => {
  test("drops whole channels of single samples", () => {
    const x = createRng("x").normal([20, 3, 2, 10]);
    const out = featureAlphaDropout(x, { p: 0.4, rng: createRng("mask") });
    const { dropped } = alphaDropoutCoefficients(0.4);
    const channels = channelsOf(out).map((values) => values.filter((value) => value === dropped).length);
    expect(new Set(channels)).toEqual(new Set([0, 6]));
    const drops = channels.filter((count) => count === 6).length;
    expect(Math.abs(drops - 80)).toBeLessThan(5 * Math.sqrt(200 * 0.24));
  });

  test("is alphaDropout for an input [N, C], and keeps mean and variance", () => {
    const x = createRng("x").normal([1000, 200]);
    const out = featureAlphaDropout(x, { p: 0.1, rng: createRng("mask") });
    const plain = alphaDropout(x, { p: 0.1, rng: createRng("mask") });
    expect(out.data.every((value, i) => value === plain.data[i])).toBe(true);
    expectMoments(out, 0, 1);
  });
});

function channelsOf(x: Tensor): number[][] {
  const [, h, w, channels] = x.shape;
  return Array.from({ length: 200 }, (_, i) => {
    const start = Math.floor(i / channels) * h * w * channels + (i % channels);
    return Array.from({ length: h * w }, (_, pixel) => x.data[start + pixel * channels]);
  });
}
