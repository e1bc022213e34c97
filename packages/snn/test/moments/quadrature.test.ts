import { ArgumentError, math } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { Moments } from "../../src/moments/net-input.ts";
import { activationMoments } from "../../src/moments/quadrature.ts";
import { seluMoments } from "../../src/moments/selu.ts";
import { expectClose } from "../support.ts";
import { expectDigits, expectWithin, golden } from "./support.ts";

const { alpha, lambda } = golden.parameters[0];
const standard = { mean: 0, variance: 1 };
const ones = { sum: 1, squareSum: 1 };
const selu = (x: number): number => lambda * (x > 0 ? x : alpha * math.expm1(x));
const slope = (x: number): number => lambda * (x > 0 ? 1 : alpha * math.exp(x));
const relu = (x: number): number => Math.max(x, 0);
const secondMoment = ({ mean, variance }: Moments): number => variance + mean * mean;

describe("activationMoments", () => {
  test("of SELU are seluMoments", () => {
    for (const point of golden.points) {
      const t = (point.mean * point.sum) / Math.sqrt(point.variance * point.squareSum);
      // Elsewhere differences of f from f(m) have too few digits.
      if (Math.abs(t) > 8) continue;
      const f = (x: number): number => point.lambda * (x > 0 ? x : point.alpha * math.expm1(x));
      const { mean, variance } = activationMoments(f, point, point);
      const expected = seluMoments(point, point, point);
      expectWithin(mean, expected.mean, 1e-12 * Math.sqrt(point.secondMoment));
      // Where f is nearly constant its own last digit counts.
      const digit = 1e-15 * Math.sqrt(point.secondMoment * expected.variance);
      expectWithin(variance, expected.variance, 1e-12 * expected.variance + digit);
    }
  });

  test("of SELU's slope under N(0, 1) are the published ones", () => {
    const moments = activationMoments(slope, standard);
    expectWithin(moments.mean, 0.9852311161857965, 1e-14);
    expectWithin(secondMoment(moments), 1.071574992455799, 1e-14);
    const { mean, variance } = activationMoments(selu, standard);
    expectWithin(mean, 0, 1e-15);
    expectWithin(variance, 1, 1e-14);
  });

  test("of ReLU are 1/√(2π) and a second moment of 1/2, at every scale", () => {
    for (const variance of [1e-300, 1e-12, 0.3, 1, 7, 1e4, 1e12, 1e300]) {
      const found = activationMoments(relu, { mean: 0, variance });
      expectClose(found.mean, Math.sqrt(variance / (2 * Math.PI)), 1e-14);
      expectClose(found.variance, variance * (0.5 - 1 / (2 * Math.PI)), 1e-13);
      if (variance < 1e150) expectClose(secondMoment(found), variance / 2, 1e-13);
    }
  });

  test("of polynomials are those of the normal distribution", () => {
    const input = { mean: 0.5, variance: 2.25 };
    const line = activationMoments((x) => 3 - 2 * x, input, ones);
    expectWithin(line.mean, 2, 1e-14);
    expectClose(line.variance, 9, 1e-14);
    // E z⁴ = 3 and E z⁸ = 105 for N(0, 1).
    const fourth = activationMoments((x) => x * x * x * x, standard);
    expectClose(fourth.mean, 3, 1e-14);
    expectClose(fourth.variance, 96, 1e-13);
  });

  test("of eˣ are those of a log-normal number, up to a standard deviation of 3", () => {
    for (const s of [0.1, 1, 3]) {
      const found = activationMoments(math.exp, { mean: -1, variance: s * s }, ones);
      expectClose(found.mean, math.exp(-1 + (s * s) / 2), 1e-13);
      expectClose(found.variance, math.exp(-2 + s * s) * math.expm1(s * s), 1e-12);
    }
  });

  test("of a step are those of a coin, with or without the step as a kink", () => {
    const probability = 0.5 * math.erfc((0.7 - 0.2) / (1.5 * Math.SQRT2));
    const input = { mean: 0.2, variance: 2.25 };
    const step = (x: number): number => (x > 0.7 ? 1 : 0);
    for (const options of [{ kinks: [0.7] }, {}, { kinks: [] }]) {
      const found = activationMoments(step, input, ones, options);
      expectClose(found.mean, probability, 1e-13);
      expectClose(found.variance, probability * (1 - probability), 1e-13);
    }
  });

  test("resolve a narrow bend in a wide distribution", () => {
    for (const s of [1, 30, 1e4]) {
      // E tanh² by E (1 − tanh²) ≈ 2 φ(0)/σ for large σ.
      const { mean, variance } = activationMoments(math.tanh, { mean: 0, variance: s * s });
      expectWithin(mean, 0, 1e-14);
      if (s > 1000) expectWithin((1 - variance) * s, 2 / Math.sqrt(2 * Math.PI), 1e-7);
    }
    // E selu(z) and E selu(z)² again, where σ is 1000 times the width of the bend.
    const wide = activationMoments(selu, { mean: 0, variance: 1e6 });
    const expected = seluMoments({ mean: 0, variance: 1e6 });
    expectClose(wide.mean, expected.mean, 1e-13);
    expectClose(wide.variance, expected.variance, 1e-13);
  });

  test("of a constant input are f of it", () => {
    expect(activationMoments(relu, { mean: 3, variance: 0 }, { sum: 2, squareSum: 1 })).toEqual({
      mean: 6,
      variance: 0,
    });
    expect(activationMoments(() => 4, standard)).toEqual({ mean: 4, variance: 0 });
  });

  test("terminate also for an f that is noise", () => {
    let bits = 1;
    const noise = (): number => {
      bits = (bits * 48271) % 2147483647;
      return bits / 2147483647;
    };
    const { mean } = activationMoments(noise, standard);
    expectDigits(mean, "0.5");
  });

  test("refuse an f that is not finite, and bad numbers", () => {
    const refused: [() => unknown, string][] = [
      [
        () => activationMoments(() => Number.NaN, standard),
        "activationMoments: f(0) is NaN; f must be a finite number",
      ],
      [() => activationMoments((x) => 1 / Math.max(x, 0), standard), "f(0) is Infinity"],
      [() => activationMoments(() => "1" as unknown as number, standard), 'f(0) is "1"'],
      [
        () => activationMoments(math.exp, { mean: 0, variance: 1e4 }),
        "rewrite it without overflow, or take a smaller variance",
      ],
      [
        () => activationMoments(relu, { mean: 0, variance: -2 }),
        "activationMoments: input.variance must be a finite number ≥ 0, got -2",
      ],
      [
        () => activationMoments(relu, standard, { sum: Number.NaN, squareSum: 1 }),
        "weights.sum must be a finite number",
      ],
      [
        () => activationMoments(relu, standard, ones, { kinks: [0, Number.NaN] }),
        "activationMoments: each of kinks must be a finite number, got NaN",
      ],
      [
        () => activationMoments(relu, standard, ones, { kink: [0] } as object),
        'activationMoments: unknown option "kink"; did you mean "kinks"? It takes { kinks }',
      ],
      [
        () => activationMoments(relu, standard, ones, { kinks: 0 } as object),
        "activationMoments: kinks must be an array of numbers, got 0",
      ],
    ];
    for (const [call, message] of refused) {
      expect(call).toThrow(ArgumentError);
      expect(call).toThrow(message);
    }
  });
});
