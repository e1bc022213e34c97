import { createRng, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { snnReport } from "../../src/snn-report.ts";
import { even, netOf } from "./support.ts";

const rng = createRng("warnings");

describe("warnings about the input", () => {
  const net = netOf(even(2, 30), rng.split("input"));
  const warned = (change: (x: number, feature: number) => number, samples = 200): readonly string[] => {
    const x = rng.split("x").normal([samples, 30]);
    x.data.forEach((value, i) => {
      x.data[i] = change(value, i % 30);
    });
    return snnReport(net, x).warnings;
  };

  test("none for standardised input, also in a small batch", () => {
    for (const samples of [2, 5, 20, 1000]) expect(warned((value) => value, samples)).toEqual([]);
    // One constant feature of zeros, as pixels in the corner have it.
    expect(warned((value, feature) => (feature === 3 ? 0 : value))).toEqual([]);
  });

  test("a mean or variance outside of theorem 1's domain", () => {
    expect(warned((value) => value + 0.5)).toEqual([
      expect.stringMatching(
        /^input: it has mean 0.[45]\d+ and variance (1.0|0.9)\d+ instead of 0 and 1; .* Standardise/,
      ),
    ]);
    expect(warned((value) => 2 * value)).toEqual([
      expect.stringMatching(/^input: it has mean -?0.0\d+ and variance [34]/),
    ]);
    expect(warned((value) => value / 4)).toHaveLength(1);
    expect(warned((value) => (value > 0 ? 1 : 0))).toHaveLength(1);
  });

  test("outliers in single features", () => {
    const x = rng.split("outlier").normal([200, 30]);
    x.data[7 * 30 + 4] = 60;
    expect(snnReport(net, x).warnings).toEqual([
      expect.stringMatching(
        /^input: feature 4 of sample 7 is \d\d standard deviations from the mean \(no other feature beyond 10\), which drowns/,
      ),
    ]);
    x.data[9 * 30 + 11] = -80;
    expect(snnReport(net, x).warnings.at(-1)).toMatch(
      /feature 11 of sample 9 .*\(2 features in all beyond 10\)/,
    );
  });

  test("zeros are not standardised, and have no outliers", () => {
    expect(snnReport(net, zeros([4, 30])).warnings).toHaveLength(1);
  });
});
