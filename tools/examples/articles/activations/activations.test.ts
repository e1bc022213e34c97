import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { asJson, fillIn, fromJson, tablesOf } from "../../../../examples/articles/activations/docs.ts";
import { activations } from "../../../../examples/articles/activations/functions.ts";
import type { Histogram } from "../../../../examples/articles/activations/histograms.ts";
import type { Properties } from "../../../../examples/articles/activations/properties.ts";
import { type Results, run } from "../../../../examples/articles/activations/run.ts";
import { asMarkdown, asText } from "../../../../examples/shared/table.ts";

const LAMBDA = 1.0507009873554805;
const LAMBDA_ALPHA = 1.7580993408473768;

let figures: string;
let results: Results;
let printed = "";
beforeAll(async () => {
  figures = mkdtempSync(join(tmpdir(), "gradus-activations-"));
  const log = vi.spyOn(console, "log").mockImplementation((text) => {
    printed += `${text}\n`;
  });
  results = await run({ limit: { train: 960, test: 1000 }, epochs: 2, early: 5, figures });
  log.mockRestore();
}, 120_000);
afterAll(() => rmSync(figures, { recursive: true }));

describe("properties", () => {
  const of = (id: string): Properties =>
    results.properties[activations.findIndex((activation) => activation.id === id)];

  test("of SELU", () => {
    const { range, slopes, lipschitz, saturated, dead, fixedPoints } = of("selu");
    expect(range).toEqual([-LAMBDA_ALPHA, Number.POSITIVE_INFINITY]);
    expect(slopes).toEqual([LAMBDA_ALPHA, LAMBDA_ALPHA, LAMBDA]);
    expect(lipschitz).toBe(LAMBDA_ALPHA);
    // λα·eˣ = 0.001
    expect(saturated.left).toBeCloseTo(Math.log(1e-3 / LAMBDA_ALPHA), 12);
    // Only where eˣ is less than half the smallest double.
    expect(dead.left).toBeCloseTo(-1075 * Math.LN2, 0);
    expect([saturated.right, dead.right]).toEqual([null, null]);
    expect(fixedPoints.map(({ to }) => to)).toEqual([expect.closeTo(-1.2588, 4), 0]);
    const [{ from, slope }] = fixedPoints;
    expect(LAMBDA_ALPHA * Math.expm1(from)).toBeCloseTo(from, 14);
    expect(slope).toBeLessThan(1);
  });

  test("of the sigmoid", () => {
    const { range, slopes, lipschitz, saturated, fixedPoints } = of("sigmoid");
    expect(range).toEqual([0, 1]);
    expect(slopes).toEqual([0.25, 0.25, 0.25]);
    expect(lipschitz).toBe(0.25);
    // s(1 − s) = 0.001
    const s = (1 - Math.sqrt(1 - 0.004)) / 2;
    expect(saturated.left).toBeCloseTo(Math.log(s / (1 - s)), 10);
    expect(saturated.right).toBeCloseTo(-(saturated.left as number), 10);
    const [{ from, to }] = fixedPoints;
    expect([fixedPoints.length, to]).toEqual([1, from]);
    expect(1 / (1 + Math.exp(-from))).toBeCloseTo(from, 15);
  });

  test("of ReLU, which is dead for x ≤ 0", () => {
    const { range, slopes, lipschitz, saturated, dead } = of("relu");
    expect(range).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(slopes).toEqual([0, 0, 1]);
    expect(lipschitz).toBe(1);
    expect([dead, saturated]).toEqual([
      { left: 0, right: null },
      { left: 0, right: null },
    ]);
  });

  test.each([
    ["leaky-relu", 0.01],
    ["prelu", 0.25],
    ["rrelu", (1 / 8 + 1 / 3) / 2],
  ])("of %s, which nowhere stops learning", (id, slope) => {
    const { range, slopes, lipschitz, saturated, dead } = of(id);
    expect(range).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(slopes).toEqual([slope, slope, 1]);
    expect(lipschitz).toBe(1);
    expect([saturated, dead]).toEqual([
      { left: null, right: null },
      { left: null, right: null },
    ]);
  });

  test("of ELU", () => {
    const { range, slopes, lipschitz, saturated } = of("elu");
    expect(range).toEqual([-1, Number.POSITIVE_INFINITY]);
    expect(slopes).toEqual([1, 1, 1]);
    expect(lipschitz).toBe(1);
    expect(saturated.left).toBeCloseTo(Math.log(1e-3), 12);
  });

  test("in a deep net: SELU converges to mean 0 and variance 1, ReLU keeps (π − 1)/2π of the variance per layer", () => {
    const [selus, sigmoid, relu] = results.deep;
    for (const { mean, variance } of [
      selus.one,
      selus.many,
      selus.fixed as NonNullable<typeof selus.fixed>,
    ]) {
      expect(mean).toBeCloseTo(0, 8);
      expect(variance).toBeCloseTo(1, 8);
    }
    const kept = (Math.PI - 1) / (2 * Math.PI);
    expect(relu.one.variance).toBeCloseTo(kept, 12);
    expect(relu.many.variance / kept ** 8).toBeCloseTo(1, 10);
    expect(sigmoid.many.mean).toBeCloseTo(0.5, 12);
    expect(results.deep.slice(1).map(({ fixed }) => fixed)).toEqual(new Array(6).fill(null));
  });

  test("all rectifiers except SELU are the identity for x ≥ 0", () => {
    for (const id of ["relu", "leaky-relu", "prelu", "rrelu", "elu"]) {
      expect(of(id).fixedPoints).toEqual([{ from: 0, to: Number.POSITIVE_INFINITY, slope: 1 }]);
    }
  });
});

/** The number of values of a histogram, inside and outside the bars. */
function counted({ counts, below, above }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, below + above);
}

/** Names of tags that are opened and not closed in their order; enough for what a program writes. */
function unclosed(svg: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, self] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)(?:\s[a-zA-Z:-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (self) continue;
    if (!closing) open.push(name);
    else if (open.pop() !== name) return [...open, name];
  }
  return open;
}

describe("a small run", () => {
  test("writes well-formed figures that are small", () => {
    const files = readdirSync(figures);
    expect(files.sort()).toEqual(
      [
        ...activations.map(({ id }) => id),
        "histograms-early",
        "histograms-late",
        "histograms-start",
        "prelu-slopes",
      ]
        .map((id) => `activations-${id}.svg`)
        .sort(),
    );
    for (const file of files) {
      const svg = readFileSync(join(figures, file), "utf8");
      expect(svg).toMatch(
        /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* role="img"><title>[^<]+<\/title>/,
      );
      expect(unclosed(svg)).toEqual([]);
      expect(svg.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(statSync(join(figures, file)).size).toBeLessThan(60_000);
    }
  });

  test("prints tables of at most 100 columns", () => {
    expect(
      Math.max(
        ...printed
          .split("\n")
          .slice(0, -2)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
    for (const table of Object.values(tablesOf(results))) expect(printed).toContain(asText(table));
  });

  test("learns, and the slopes of PReLU move", () => {
    const { epochs, trace, stepsPerEpoch, testAccuracy } = results.prelu;
    expect([stepsPerEpoch, epochs.map(({ step }) => step), trace[0].step]).toEqual([15, [0, 15, 30], 0]);
    expect(epochs[0].slopes).toEqual([0.25, 0.25, 0.25, 0.25]);
    for (const [i, slope] of epochs[2].slopes.entries()) expect(slope).not.toBe(epochs[1].slopes[i]);
    expect(trace.at(-1)).toEqual(epochs[2]);
    expect(testAccuracy).toBeGreaterThan(0.7);
    for (const contest of results.histograms) expect(contest.testAccuracy).toBeGreaterThan(0.7);
  });

  test("the histograms hold every activation of 1,000 images", () => {
    for (const { snapshots } of results.histograms) {
      expect(snapshots.map(({ step }) => step)).toEqual([0, 5, 30]);
      for (const { layers } of snapshots) {
        expect(layers.map(counted)).toEqual([100_000, 100_000, 100_000, 100_000]);
      }
    }
  });

  test("before training SELU keeps mean 0 and variance 1, ReLU loses half its variance a layer", () => {
    const [relu, leaky, selus] = results.histograms.map(({ snapshots }) => snapshots[0].layers);
    for (const { mean, variance } of selus) {
      expect(Math.abs(mean)).toBeLessThan(0.25);
      expect(Math.abs(variance - 1)).toBeLessThan(0.35);
    }
    expect(relu[3].variance).toBeLessThan(relu[0].variance / 4);
    for (const { zeros, size } of relu) expect(zeros / size).toBeGreaterThan(0.3);
    for (const { zeros } of [...leaky, ...selus]) expect(zeros).toBe(0);
  });

  test("the numbers can be written as JSON and read back", () => {
    expect(fromJson(asJson(results))).toEqual(results);
  });

  test("a text gets the tables that it names, and all tables are named", () => {
    const text = "a\n<!-- results: slopes -->\nold\n<!-- end -->\nb";
    expect(fillIn(text, results)).toBe(
      `a\n<!-- results: slopes -->\n\n${asMarkdown(tablesOf(results).slopes)}\n\n<!-- end -->\nb`,
    );
    expect(() => fillIn(text.replace("slopes", "sleeps"), results)).toThrow(
      "asks for sleeps, which is no table",
    );
  });
});

const inRepository = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");

test("docs/activations.md has the numbers of docs/results/activations.json (pnpm activations --json … --docs)", () => {
  const committed = fromJson(inRepository("docs/results/activations.json"));
  const text = inRepository("docs/activations.md");
  expect(fillIn(text, committed)).toBe(text);
  for (const name of Object.keys(tablesOf(committed))) expect(text).toContain(`<!-- results: ${name} -->`);
  // The parts without training were just measured.
  const { published, rounded, properties, deep, slopeRules } = results;
  expect({ ...committed, published, rounded, properties, deep, slopeRules }).toEqual(committed);
});
