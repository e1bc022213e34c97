import { createRng, mse } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, Sequential } from "@gradus/nn";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Callback, fit } from "../../../src/index.ts";
import { progressBar } from "../../../src/node/index.ts";
import { optionsFor, points } from "../../support.ts";
import { FakeStream, start, train } from "./support.ts";

beforeEach(() => {
  vi.stubEnv("CI", "");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe("progressBar in a pipe", () => {
  test("writes exactly one line for each epoch, without escape codes", async () => {
    const stream = new FakeStream();
    const history = await train(stream, { epochs: 10, validation: points(4, "v") });
    expect(stream.text).not.toContain(start);
    expect(stream.text).not.toContain("\r");
    const lines = stream.text.split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBe(10);
    lines.forEach((line, i) => {
      const { loss, accuracy = 0, valLoss = 0, valAccuracy = 0 } = history.epochs[i];
      const number = (value: number) => value.toFixed(4).padStart(8);
      const share = (value: number) => `${(100 * value).toFixed(2).padStart(6)} %`;
      expect(line.replace(/ +[\d.]+ s$/, "")).toBe(
        `epoch ${String(i + 1).padStart(2)}/10  loss ${number(loss)}  accuracy ${share(accuracy)}  ` +
          `valLoss ${number(valLoss)}  valAccuracy ${share(valAccuracy)}`,
      );
      expect(line).toMatch(/ {2} *\d+\.\d s$/);
    });
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  });

  test("says why training was stopped", async () => {
    const stream = new FakeStream(false);
    const stop: Callback = { onEpochEnd: (_log, training) => training.stop("enough") };
    await train(stream, { callbacks: [stop] });
    expect(stream.text).toMatch(/^epoch 1\/2 .*\nstopped: enough\n$/);
  });

  test("writes small, large and negative numbers so that they can be read", async () => {
    const net = new Sequential(new Dense(1, 1, { rng: createRng(1) }));
    const data = new Dataset({ inputs: [[1]], targets: [[1]] });
    const stream = new FakeStream();
    const metrics = {
      tiny: () => 1e-7,
      huge: () => 1e12,
      minus: () => -0.25,
      none: () => 0,
      broken: () => Number.NaN,
    };
    await fit(
      net,
      data,
      optionsFor(net, { loss: mse, metrics, epochs: 1, callbacks: [progressBar({ stream })] }),
    );
    expect(stream.text).toMatch(
      /tiny +1.00e-7 {2}huge +1.00e\+12 {2}minus +-0.2500 {2}none +0.0000 {2}broken +NaN {2}/,
    );
    expect(stream.text).not.toMatch("accuracy");
  });
});
