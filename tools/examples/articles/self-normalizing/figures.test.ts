import { expect, test } from "vitest";
import type { Experiment } from "../../../../examples/articles/self-normalizing/experiments.ts";
import {
  accuracyCurves,
  accuracyStrips,
  variancesByLayer,
} from "../../../../examples/articles/self-normalizing/figures.ts";
import type { Run } from "../../../../examples/articles/self-normalizing/run.ts";
import type { Settings } from "../../../../examples/articles/self-normalizing/settings.ts";

const settings: Settings = {
  input: "standardised",
  hidden: [16, 8],
  activation: "SELU",
  init: "LeCun normal",
  optimizer: "SGD",
  learningRate: 0.05,
  batchSize: 50,
  epochs: 2,
};

const tiny: Experiment = {
  id: "tiny",
  title: "Tiny",
  seeds: 2,
  compare: "test",
  arms: [
    { name: "SELU", settings, published: { 1: 12.5 } },
    { name: "ReLU", settings: { ...settings, activation: "ReLU" } },
  ],
};

const done = (arm: string, seed: number, accuracies: readonly number[]): Run => ({
  experiment: "tiny",
  arm,
  seed,
  settings,
  epochs: accuracies.map((testAccuracy) => ({ testAccuracy, testLoss: 0.5, trainLoss: 0.6 })),
  variances: { start: [1, 0], end: [1.1, 0.9] },
});

const runs = [done("SELU", 1, [0.4, 0.5]), done("SELU", 2, [0.42, 0.52]), done("ReLU", 1, [0.1])];

test("experiments: a variance below the axis is not drawn at its end", async () => {
  const small = [1, 1e-10, 1e-30, 1e-40];
  const at = async (end: readonly number[]): Promise<string[]> => {
    const svg = await variancesByLayer({ ...tiny, arms: [tiny.arms[0]] }, [
      { ...runs[0], variances: { start: [1, 1, 1, 1], end } },
    ]);
    const lines = [...svg.matchAll(/ d="(M[^"]*)"[^>]*stroke="#0072b2"/g)].map(([, d]) => d);
    return lines[1] // before training, after training, the legend
      .split(/[ML]/)
      .slice(1);
  };
  const heights = (await at(small)).map((point) => Number(point.split(",")[1]));
  expect(heights).toHaveLength(4);
  // Beyond the picture, each where its own value belongs: 20 powers of ten are 320 pixels.
  expect(heights[1]).toBeCloseTo(160, 0);
  expect(heights[2]).toBeCloseTo(480, 0);
  expect(heights[3]).toBeCloseTo(640, 0);
  expect(await at([1, 1e-10, 0, 0])).toHaveLength(2);
});

test("experiments: published points are in the picture, and every seed has its point", async () => {
  const points = (svg: string): number => svg.match(/<path transform="translate/g)?.length ?? 0;
  const without = { ...tiny, arms: tiny.arms.map(({ name, settings }) => ({ name, settings })) };
  const legend = 2;
  expect(points(await accuracyCurves(without, runs))).toBe(legend + 5);
  const svg = await accuracyCurves(tiny, runs);
  expect(points(svg)).toBe(legend + 6);
  expect(svg).toContain("hollow diamonds: published");
  expect(await accuracyCurves(without, [runs[0]])).toContain(">one seed<");
  const epochs = 2;
  expect(points(await accuracyStrips(tiny, runs))).toBe(epochs + 5);
});
