import { selu, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { costTable } from "../../../../examples/articles/activations/cost.ts";
import { curvesOf, randomSlopes, slopeGradient } from "../../../../examples/articles/activations/curves.ts";
import { slopeOf } from "../../../../examples/articles/activations/functions.ts";
import { histogramOf } from "../../../../examples/articles/activations/histograms.ts";
import { comparePublished } from "../../../../examples/articles/activations/published.ts";
import { slopeRules } from "../../../../examples/articles/activations/random-slopes.ts";
import { compareRounded } from "../../../../examples/articles/activations/rounded.ts";
import { toSvg } from "../../../../examples/shared/chart.ts";

const LAMBDA = 1.0507009873554805;
const LAMBDA_ALPHA = 1.7580993408473768;

// Values to 17 digits from a computation with 50.
test.each([
  [0.1895, "0.19910783710386355", "1.0507009873554805"],
  [-0.8333, "-0.99400704761901518", "0.76409229322836168"],
  [1, "1.0507009873554805", "1.0507009873554805"],
  [-1, "-1.1113307378125628", "0.6467686030348141"],
  [-2, "-1.520166468595695", "0.23793287225168182"],
  [-0.5, "-0.6917581878028714", "1.0663411530445055"],
  [-1e-8, "-1.7580993320568802e-8", "1.7580993232663835"],
  [-1e-300, "-1.7580993408473769e-300", "1.7580993408473769"],
  [-20, "-1.758099337223664", "3.6237128249944116e-9"],
  [-40, "-1.7580993408473769", "7.4690288159142912e-18"],
  [-700, "-1.7580993408473769", "1.7334290832552396e-304"],
  [710, "745.99770102239115", "1.0507009873554805"],
])("selu(%f) is %s, with slope %s", (x, value, slope) => {
  expect(Math.abs(selu(tensor(x)).item() / Number(value) - 1)).toBeLessThan(5e-16);
  expect(Math.abs(slopeOf(selu)(tensor(x)).item() / Number(slope) - 1)).toBeLessThan(5e-16);
});

test("the published values of SELU are reproduced to the last digit", () => {
  const comparisons = comparePublished();
  expect(comparisons.filter(({ agrees }) => !agrees)).toEqual([]);
  expect(comparisons.map(({ published }) => published).slice(0, 4)).toEqual([
    "0.1991",
    "-0.9940",
    "0.19910784",
    "-0.99400705",
  ]);
});

test("experiments: what SELU loses by constants of four digits", () => {
  const { distance, fixed } = compareRounded();
  // At x = 2 λ is 9.9e-7 too small, at x = -2 λα is 1.7581 - 1.75803 too small, times 1 - e⁻².
  expect(distance).toBeCloseTo((LAMBDA_ALPHA - 1.0507 * 1.6732) * (1 - Math.exp(-2)), 15);
  // The fixed point moves as little as the constants: they are off by 4e-5 of α and 1e-6 of λ.
  expect(Math.abs(fixed.mean)).toBeLessThan(1e-3);
  expect(Math.abs(fixed.variance - 1)).toBeLessThan(1e-3);
  expect(fixed).not.toEqual({ mean: 0, variance: 1 });
});

test("experiments: RReLU of the paper, 1/a from U(3, 8), has another mean slope than a from U(1/8, 1/3)", () => {
  const [torch, paper] = slopeRules();
  for (const { least, most, mean, expected } of [torch, paper]) {
    expect(least).toBeGreaterThanOrEqual(1 / 8);
    expect(most).toBeLessThanOrEqual(1 / 3);
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.005);
  }
  expect(torch.expected).toBeCloseTo(11 / 48, 15);
  expect(torch.afterwards).toBeCloseTo(11 / 48, 15);
  // ∫ 1/d dd / 5 from 3 to 8; afterwards x is divided by the mean of 3 and 8.
  expect(paper.expected).toBeCloseTo(Math.log(8 / 3) / 5, 15);
  expect(paper.afterwards).toBeCloseTo(1 / 5.5, 15);
});

test("experiments: the cost of SELU is a ratio of pairs, with its spread", () => {
  const pairs = [2, 3, 4, 5, 6].map((ratio): [number, number] => [0.5, ratio / 2]);
  expect(costTable([{ work: "w", pairs }])[1]).toEqual(["w", "0.5", "2", "4.00", "2.00–6.00"]);
});

describe("curves", () => {
  test("are the function and its two derivatives, split at 0", () => {
    const { points, jumps } = curvesOf(selu, 2, 3);
    const y = (curve: string): number[] =>
      points.filter((point) => point.curve === curve).map((point) => point.y);
    expect(points.slice(0, 6).map(({ x }) => x)).toEqual([-2, -1, -5e-324, 5e-324, 1, 2]);
    const [atMinus2, atMinus1] = [-2, -1].map((x) => LAMBDA_ALPHA * Math.exp(x));
    const close = (numbers: number[]) => numbers.map((number) => expect.closeTo(number, 14));
    expect(y("f′(x)")).toEqual(close([atMinus2, atMinus1, LAMBDA_ALPHA, LAMBDA, LAMBDA, LAMBDA]));
    expect(y("f″(x)")).toEqual(close([atMinus2, atMinus1, LAMBDA_ALPHA, 0, 0, 0]));
    expect(jumps).toEqual([
      { x: 0, y: LAMBDA_ALPHA, curve: "f′(x)", reached: true },
      { x: 0, y: LAMBDA, curve: "f′(x)", reached: false },
      { x: 0, y: LAMBDA_ALPHA, curve: "f″(x)", reached: true },
      { x: 0, y: 0, curve: "f″(x)", reached: false },
    ]);
  });

  test("a smooth function has no jumps", () => {
    expect(curvesOf((x) => x.sigmoid(), 6).jumps).toEqual([]);
  });

  test("the slope of a PReLU has the gradient x on the left, 0 on the right", () => {
    const { points, jumps } = slopeGradient(2, 3);
    expect(points.map(({ y }) => y)).toEqual([-2, -1, -5e-324, 0, 0, 0]);
    expect(jumps).toEqual([]);
  });

  test("an RReLU in training stays between x/8 and x/3", () => {
    const dots = randomSlopes(3, 50);
    const slopes = dots.map(({ x, y }) => y / x);
    expect(Math.min(...slopes)).toBeGreaterThan(0.125);
    expect(Math.max(...slopes)).toBeLessThan(1 / 3);
    expect(new Set(slopes).size).toBe(50);
  });
});

test("a histogram counts every value once, in its bar", () => {
  const histogram = histogramOf(Float64Array.of(-4.5, -4, -3.95, 0, 0, 0.05, 7.95, 8, 100));
  expect(histogram.counts.flatMap((count, bar) => (count > 0 ? [[bar, count]] : []))).toEqual([
    [0, 2],
    [20, 3],
    [59, 1],
  ]);
  expect([histogram.below, histogram.above, histogram.zeros]).toEqual([1, 2, 2]);
  expect(histogram.size).toBe(9);
  expect(histogramOf(Float64Array.of(1, 3))).toMatchObject({ mean: 2, variance: 1 });
});

test("a chart is an SVG with a title, and its coordinates are rounded", async () => {
  const svg = await toSvg(
    {
      data: { values: [{ x: 1 / 3 }, { x: 1 }] },
      mark: "tick",
      encoding: { x: { field: "x", type: "quantitative" } },
    },
    "a < b & c",
  );
  expect(svg).toMatch(/^<svg [^>]* role="img"><title>a &lt; b &amp; c<\/title>/);
  expect(svg).not.toMatch(/="[^"]*\d\.\d{3}/);
});
