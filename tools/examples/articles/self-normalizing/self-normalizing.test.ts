import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@gradus/core";
import { loadMnist } from "@gradus/data/node";
import type { Callback } from "@gradus/train";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Experiment,
  experiments,
  quick,
} from "../../../../examples/articles/self-normalizing/experiments.ts";
import { runAll } from "../../../../examples/articles/self-normalizing/main.ts";
import { train } from "../../../../examples/articles/self-normalizing/run.ts";
import {
  describe as inWords,
  netOf,
  type Settings,
} from "../../../../examples/articles/self-normalizing/settings.ts";
import { RunStore, readRuns } from "../../../../examples/articles/self-normalizing/store.ts";
import { done, small, tiny } from "./support.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-runs-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

describe("settings", () => {
  const layersOf = (settings: Settings): string[] =>
    netOf(settings, createRng(1)).layers.map((layer) => String(layer).replace(/, activation.*/, ""));

  test("a net has the layers its settings name, in order", () => {
    expect(layersOf(small)).toEqual([
      "Dense(784, 16)",
      "SELU()",
      "AlphaDropout(0.1)",
      "Dense(16, 8)",
      "SELU()",
      "AlphaDropout(0.1)",
      "Dense(8, 10)",
    ]);
  });

  test("batch normalisation comes before the activation and takes the place of the bias", () => {
    const { dropout: _, ...rest } = small;
    expect(layersOf({ ...rest, hidden: [4], activation: "ReLU", batchNorm: true })).toEqual([
      "Dense(784, 4, bias=false)",
      expect.stringMatching(/^BatchNorm\(4/),
      "ReLU()",
      "Dense(4, 10)",
    ]);
  });

  test("the same settings and stream make the same net, independent of other draws", () => {
    const [a, b] = [0, 1].map(() => netOf(small, createRng("a").split("weights")));
    expect(a.layers.length).toBe(b.layers.length);
    expect(inWords(small)).toBe(
      "784-16-8-10, SELU, LeCun normal, AlphaDropout 0.1, pixels standardised, SGD 0.05, batch 50",
    );
  });
});

describe("the experiments", () => {
  test("the arms of the lecture share optimizer, width and learning rate, and differ in what it compares", () => {
    for (const { arms } of experiments.filter(({ id }) => id.startsWith("fifty"))) {
      expect(arms.map(({ settings }) => settings.hidden)).toEqual(arms.map(() => new Array(50).fill(100)));
      expect(new Set(arms.map(({ settings }) => `${settings.optimizer} ${settings.learningRate}`)).size).toBe(
        1,
      );
      expect(new Set(arms.map(({ settings }) => JSON.stringify(settings))).size).toBe(6);
    }
  });

  test("experiments: the arms with raw pixels run with Glorot's weights and with U(±0.05), and their names say which", () => {
    const raw = experiments.filter(({ id }) => id.startsWith("raw-pixels"));
    expect(raw.map(({ id }) => id)).toEqual(["raw-pixels-sgd", "raw-pixels-adam"]);
    for (const { arms } of raw) {
      expect(arms.map(({ name, settings }) => [name, settings.activation, settings.init])).toEqual([
        ["1 raw, ReLU, Glorot", "ReLU", "Glorot uniform"],
        ["1 raw, ReLU, U(±0.05)", "ReLU", "U(−0.05, 0.05)"],
        ["2 raw, SELU, Glorot", "SELU", "Glorot uniform"],
        ["2 raw, SELU, U(±0.05)", "SELU", "U(−0.05, 0.05)"],
      ]);
      for (const { settings } of arms) {
        expect([settings.input, settings.epochs, settings.limit]).toEqual(["[0, 1]", 3, 10_000]);
      }
    }
    for (const { arms } of experiments.filter(({ id }) => id.startsWith("fifty"))) {
      for (const { name, settings } of arms) {
        expect(name).toContain(settings.init === "U(−0.05, 0.05)" ? "U(±0.05)" : settings.init.split(" ")[0]);
      }
    }
  });

  test("no two arms of an experiment have the same name or settings", () => {
    for (const { arms } of experiments) {
      expect(new Set(arms.map(({ name }) => name)).size).toBe(arms.length);
      expect(new Set(arms.map(({ settings }) => JSON.stringify(settings))).size).toBe(arms.length);
    }
  });

  test("the quick ones are shorter, and nothing else", () => {
    for (const { arms, seeds } of experiments.map(quick)) {
      expect(seeds).toBe(1);
      for (const { settings } of arms) {
        expect(settings.epochs).toBeLessThanOrEqual(2);
        expect((settings.limit ?? Number.NaN) - (settings.heldOut ?? 0)).toBe(6000);
      }
    }
  });
});

describe("a run", () => {
  test("learns, says how each epoch ended, and repeats with its seed", async () => {
    const mnist = await loadMnist();
    const short = { train: mnist.train, test: mnist.test.take(1000) };
    const key = { experiment: "tiny", arm: "SELU", seed: 1, settings: small };
    let samples = 0;
    const count: Callback = { onTrainBegin: (training) => (samples = training.samples) };
    const run = await train(short, key, { callbacks: [count] });
    expect(samples).toBe(300);
    expect(run.epochs).toHaveLength(2);
    expect(run.epochs[1].trainLoss).toBeLessThan(run.epochs[0].trainLoss);
    expect(run.epochs[1].testAccuracy).toBeGreaterThan(0.2);
    expect(run.epochs[1].heldOutAccuracy).toBeGreaterThan(0.2);
    expect(run.variances.start).toHaveLength(2);
    for (const variance of run.variances.start) expect(Math.abs(variance - 1)).toBeLessThan(0.5);
    expect(run.variances.end).not.toEqual(run.variances.start);
    expect(await train(short, key)).toEqual(run);
    expect((await train(short, { ...key, seed: 2 })).epochs).not.toEqual(run.epochs);
  });

  test("that computes a NaN ends there, with the reason", async () => {
    const mnist = await loadMnist();
    const settings: Settings = { ...small, learningRate: 1e300 };
    const run = await train(
      { train: mnist.train, test: mnist.test.take(1000) },
      { experiment: "x", arm: "y", seed: 1, settings },
    );
    expect(run.epochs).toEqual([]);
    expect(run.failed).toMatch(/NaN|Infinity|not finite/);
  });
});

describe("the file of runs", () => {
  const file = (): string => join(folder, "runs.json");

  test("finds the added runs by settings and seed, in another process too", () => {
    const store = new RunStore(file());
    store.add(done("SELU", 1, [10, 20]));
    store.add(done("SELU", 2, [11, 21]));
    const again = new RunStore(file());
    const { settings } = tiny.arms[0];
    // Another order of keys is the same settings; another name of the arm is the same run.
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as unknown as Settings;
    const found = again.find({ experiment: "other", arm: "renamed", seed: 2, settings: turned });
    expect(found).toEqual({ ...done("SELU", 2, [11, 21]), experiment: "other", arm: "renamed" });
    expect(again.find({ experiment: "tiny", arm: "SELU", seed: 3, settings })).toBe(undefined);
    expect(
      again.find({ experiment: "tiny", arm: "SELU", seed: 1, settings: { ...settings, epochs: 3 } }),
    ).toBe(undefined);
    expect(existsSync(`${file()}.part`)).toBe(false);
  });

  test("removes all other runs, and puts the rest in order", () => {
    const store = new RunStore(file());
    for (const arm of ["SELU", "ReLU"]) store.add(done(arm, 1, [10]));
    const [selu, relu] = store.runs;
    store.keep([relu, selu]);
    expect(readRuns(file()).map(({ arm }) => arm)).toEqual(["ReLU", "SELU"]);
    store.keep([relu]);
    store.add(done("SELU", 2, [9]));
    expect(new RunStore(file()).runs.map(({ arm, seed }) => [arm, seed])).toEqual([
      ["ReLU", 1],
      ["SELU", 2],
    ]);
  });

  test.each(["", "{", "[]", '{ "runs": [{}] }', '{ "runs": [null] }'])(
    "refuses %j and leaves it as it is",
    (content) => {
      writeFileSync(file(), content);
      expect(() => new RunStore(file())).toThrow(/runs\.json is no (JSON file|file of runs)/);
      expect(readFileSync(file(), "utf8")).toBe(content);
    },
  );

  test("a second call runs only what is missing", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const one: Experiment = {
      ...tiny,
      seeds: 1,
      arms: [{ name: "SELU", settings: { ...small, epochs: 1 } }, tiny.arms[1]],
    };
    const store = new RunStore(file());
    store.add(done("ReLU", 1, [42, 43]));
    const runs = await runAll([one], store);
    expect(runs.map(({ arm, epochs }) => [arm, epochs.length])).toEqual([
      ["SELU", 1],
      ["ReLU", 2],
    ]);
    expect(runs[1].epochs).toEqual(done("ReLU", 1, [42, 43]).epochs);
    expect(readRuns(file())).toHaveLength(2);
  });
});
