import { createRng } from "@gradus/core";
import { AlphaDropout, Dense, ReLU, SELU, Sequential, uniform } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { format, formatBeside, formatRange } from "../../src/snn-report/format.ts";
import { snnReport } from "../../src/snn-report.ts";
import { even, netOf } from "./support.ts";

const rng = createRng("table");
const bad = uniform({ low: -0.05, high: 0.05 });

describe("a report as a table", () => {
  test("is aligned, and marks values outside of their band", () => {
    const net = new Sequential(
      new Dense(30, 60, { rng: rng.split(1) }),
      new SELU(),
      new AlphaDropout(0.05),
      new Dense(60, 60, { rng: rng.split(2), init: bad }),
      new SELU(),
      new Dense(60, 5, { rng: rng.split(3) }),
    );
    const report = snnReport(net, rng.split("x").normal([100, 30]));
    const lines = String(report).split("\n");
    expect(lines[0]).toBe("SNN report: 100 samples, 3 layers");
    expect(lines[3]).toMatch(/^# {2}layer +mean +of mean +var. +of var. +\(0,1\) +mean +var. +norm$/);
    expect(lines[4]).toMatch(/^─+$/);
    expect(lines[5]).toMatch(/^0 {2}input +-?0\.\d{3} +[01]\.\d{3} +0\.\d{3}$/);
    const number = "-?\\d+\\.\\d{3}";
    const band = "-?\\d+\\.\\d+\\.\\.\\d+\\.\\d+";
    const row = (start: string, marks: [string, string]): RegExp =>
      new RegExp(
        `^${start} +${number}${marks[0]} +${band} +${number}${marks[1]} +${band} +${number} +${number} +${number} +${number}$`,
      );
    expect(lines[6]).toMatch(row("1  30→60 SELU [^ ]+", ["!?", "!?"]));
    expect(lines[7]).toMatch(row("2  60→60 SELU", ["!?", "!"]));
    expect(lines[8]).toMatch(/^3 {2}60→5 /);
    expect(lines[10]).toMatch(
      /^! [1-4] of 6 values are outside the band that LeCun weights would keep 95 % of them in\./,
    );
    expect(lines[10]).toMatch(/Warnings:$/);
    expect(lines[12]).toMatch(/^layer 2: SELU needs weights of variance/);
    // The columns end at the same place.
    const ends = lines.slice(6, 9).map((line) => line.length);
    expect(new Set([...ends, lines[4].length]).size).toBe(1);
  });

  test("stays within 100 columns, with long names and extreme numbers", () => {
    const long = new Sequential(
      ...Array.from({ length: 60 }, () => [
        new Dense(30, 30, { rng, init: bad }),
        new SELU(),
        new AlphaDropout(0.05),
        new AlphaDropout(0.05, { fixedPoint: [0.125, 2] }),
      ]).flat(),
    );
    const wild = netOf(even(12, 30), rng, (shape, stream) => stream.normal(shape).mul(1e6));
    for (const net of [long, wild]) {
      const lines = String(snnReport(net, rng.normal([10, 30]))).split("\n");
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
      expect(lines[6]).toMatch(/^ *1 /);
    }
    expect(String(snnReport(long, rng.normal([10, 30])))).toContain("…");
  });

  test("of a net without SELU has no columns for band and theory", () => {
    const lines = String(
      snnReport(
        netOf([30, 20], rng, undefined, () => new ReLU()),
        rng.normal([1, 30]),
      ),
    ).split("\n");
    expect(lines[0]).toBe("SNN report: 1 sample, 1 layer");
    expect(lines[3]).toMatch(/^# {2}layer +mean +var. +\(0,1\) +norm$/);
    expect(lines.at(-2)).toMatch(/^Nothing to report: the net has neither SELU nor AlphaDropout/);
  });

  test("says that all values are in their bands", () => {
    const last = String(
      snnReport(netOf(even(2, 100), rng.split("well")), rng.split("good").normal([100, 100])),
    );
    expect(last).toMatch(
      /\nAll 4 values are in the band that LeCun weights would keep them in\. No warnings\.$/,
    );
  });
});

describe("numbers", () => {
  test("have about eight characters at most", () => {
    expect([0, 1, -0.0541, 999.9996, 1e4, 1.234e-38, -2e-7, Number.NaN, -1 / 0].map(format)).toEqual([
      "0.000",
      "1.000",
      "-0.054",
      "1000.000",
      "1.0e+4",
      "1.2e-38",
      "-2.0e-7",
      "NaN",
      "-∞",
    ]);
    expect(formatBeside(-1e-17, 1)).toBe("0.000");
    expect(formatBeside(-1e-17, 1e-17)).toBe("-1.0e-17");
  });

  test("the ends of ranges differ", () => {
    expect(formatRange([-0.1234, 0.1234])).toBe("-0.12..0.12");
    expect(formatRange([0.981, 1.02])).toBe("0.981..1.020");
    expect(formatRange([-0.0012, 0.0012])).toBe("-0.0012..0.0012");
    expect(formatRange([1e-9, 3e-9])).toBe("1.0e-9..3.0e-9");
  });
});
