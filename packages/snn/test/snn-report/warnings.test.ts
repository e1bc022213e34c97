import { createRng, mul, selu } from "@gradus/core";
import {
  AlphaDropout,
  Conv1d,
  constantInit,
  Dense,
  Dropout,
  FeatureAlphaDropout,
  Flatten,
  FunctionLayer,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  type Layer,
  LayerNorm,
  lecunNormal,
  lecunNormalTruncated,
  lecunUniform,
  normal,
  orthogonal,
  ReLU,
  SELU,
  Sequential,
  uniform,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { snnReport } from "../../src/snn-report.ts";
import { even, netOf } from "./support.ts";

const rng = createRng("warnings");

function warningsOf(init: Initializer, widths: readonly number[] = even(3, 100)): readonly string[] {
  return snnReport(netOf(widths, rng.split("net"), init), rng.split("batch").normal([200, widths[0]]))
    .warnings;
}

describe("warnings about the weights of SELU layers", () => {
  test.each<[string, Initializer]>([
    ["lecunNormal", lecunNormal],
    ["lecunNormalTruncated", lecunNormalTruncated],
    ["lecunUniform", lecunUniform],
    ["orthogonal", orthogonal()],
    ["Glorot between equal widths", glorotUniform],
  ])("none for %s", (_, init) => {
    expect(warningsOf(init)).toEqual([]);
  });

  test("none for chance deviations: small layers have variances far from 1/fan_in", () => {
    for (let i = 0; i < 60; i++) {
      const stream = createRng(i);
      const widths = [8, 10, 6, 16, 20, 4];
      expect(snnReport(netOf(widths, stream), stream.normal([10, 8])).warnings).toEqual([]);
    }
  });

  test("a truncated normal without correction: the factor, the cause, and the limit of the theory", () => {
    const [warning, ...others] = warningsOf((shape, stream) =>
      mul(lecunNormalTruncated(shape, stream), 0.8796256610342398),
    );
    expect(others).toEqual([]);
    expect(warning).toMatch(
      /^layers 1–3: SELU needs weights of variance 1\/fan_in; here it is 0.7[0-9]*(–0.7[0-9]*)? times that/,
    );
    expect(warning).toContain(
      "as a normal has it that is cut off at two standard deviations and not corrected",
    );
    expect(warning).toContain(
      "the (mean, variance) of a unit then goes to (-0.054, 0.351) instead of (0, 1)",
    );
    expect(warning).toContain("and that of all units together goes to (-0.054, 0.365).");
    expect(warning).toMatch(/Use lecunNormal\.$/);
  });

  test.each<[string, Initializer, number[], RegExp]>([
    [
      "Glorot's, between unequal widths",
      glorotNormal,
      [200, 100],
      /1\.\d+ times that, as Glorot's have it between 200 and 100 units.*goes to \(0.228, 2.738\)/,
    ],
    [
      "He's",
      heNormal,
      even(2, 100),
      /layers 1–2: .* as He's initializers have it.*\(1.780, 18.4.*, and that of all units together grows without end/,
    ],
    ["He's, uniform", heUniform, even(2, 100), /as He's initializers have it/],
    [
      "PyTorch's gain",
      normal({ mean: 0, std: 0.075 }),
      even(1, 100),
      /^layer 1: .*as PyTorch's gain of 3\/4 for SELU gives.*\(-0.028, 0.027\).*\(-0.033, 0.040\)/,
    ],
    [
      "PyTorch's default",
      uniform({ low: -0.1, high: 0.1 }),
      even(1, 100),
      /as U\(±1\/√fan_in\) has it.*goes to \(0, 0\) with depth/,
    ],
    [
      "U(±0.05)",
      uniform({ low: -0.05, high: 0.05 }),
      even(2, 100),
      /layers 1–2: .*0.08\d(–0.08\d)? times that, as U\(−0.05, 0.05\) has it with 100 inputs.*goes to \(0, 0\) with depth instead/,
    ],
    ["N(0, 0.05²)", normal({ mean: 0, std: 0.05 }), even(1, 100), /as N\(0, 0.05²\) has it with 100 inputs/],
    [
      "none of the usual ones",
      normal({ mean: 0, std: 0.12 }),
      even(1, 100),
      /here it is 1.4\d\d times that\. By the theory, the \(mean/,
    ],
  ])("%s", (_, init, widths, text) => {
    const warnings = warningsOf(init, widths);
    expect(warnings.length, warnings.join("\n")).toBe(1);
    expect(warnings[0]).toMatch(text);
  });

  test("many layers with the same cause share a sentence, also for different sizes and without a cause", () => {
    const widths = [60, ...even(20, 40), 30, 30];
    expect(warningsOf(heNormal, widths)).toEqual([expect.stringMatching(/^layers 1–23: .*as He's/)]);
    const [warning, ...others] = warningsOf(normal({ mean: 0, std: 0.115 }), even(20, 40));
    expect(others).toEqual([]);
    expect(warning).toMatch(/^layers 1–20: .* 0.\d+–0.\d+ times that\. By/);
  });

  test("different causes get a sentence each, and layers without SELU none", () => {
    const net = new Sequential(
      new Dense(100, 100, { rng, init: heNormal }),
      new ReLU(),
      new Dense(100, 100, { rng, init: heNormal, activation: selu }),
      new Dense(100, 100, { rng, init: uniform({ low: -0.05, high: 0.05 }) }),
      new SELU(),
      new Dense(100, 10, { rng, init: heNormal }),
    );
    const { warnings } = snnReport(net, rng.normal([100, 100]));
    expect(warnings.map((text) => text.slice(0, 8))).toEqual(["layer 2:", "layer 3:"]);
  });

  test("weights that do not add up to 0, and large biases", () => {
    expect(warningsOf(normal({ mean: 0.01, std: 0.1 }), even(2, 100)).at(-1)).toMatch(
      /^layers 1–2: the weights of a unit add up to 0.\d+–1.\d+ on average, which should be 0/,
    );
    expect(warningsOf(constantInit(0.1), even(1, 100))).toHaveLength(2);
    const net = new Sequential(
      new Dense(50, 200, { rng, biasInit: normal({ mean: 0, std: 1 }) }),
      new SELU(),
    );
    expect(snnReport(net, rng.normal([100, 50])).warnings).toEqual([
      expect.stringMatching(/^layer 1: the biases have a mean square of (0.[89]|1.[01])\d+, beside sums/),
    ]);
  });
});

describe("warnings about dropout", () => {
  const warned = (...behind: readonly Layer[]): readonly string[] =>
    snnReport(
      new Sequential(new Dense(20, 30, { rng }), ...behind, new Dense(30, 2, { rng })),
      rng.normal([50, 20]),
    ).warnings;

  test("SELU with AlphaDropout gives no warning", () => {
    expect(warned(new SELU(), new AlphaDropout(0.1))).toEqual([]);
    expect(warned(new SELU(), new Flatten(), new FeatureAlphaDropout(0.1))).toEqual([]);
    const images = new FunctionLayer((x) => x.reshape({ shape: [-1, 10, 3] }));
    const convolution = new Conv1d(3, 3, 1, { rng, activation: selu });
    expect(warned(images, convolution, new AlphaDropout(0.1), new Flatten())).toEqual([]);
    expect(warned(new SELU(), new Dropout(0))).toEqual([]);
    expect(warned(new SELU(), new ReLU(), new Dropout(0.5))).toEqual([]);
  });

  test("SELU with plain Dropout", () => {
    expect(warned(new SELU(), new Dropout(0.5))).toEqual([
      "layer 1: Dropout(0.5) behind SELU: in training it takes a variance of 1 to 2.000. Use AlphaDropout, which keeps mean and variance.",
    ]);
    expect(warned(new SELU(), new Dropout(1))[0]).toContain("in training it lets nothing through");
  });

  test("several layers with the same dropout share a sentence", () => {
    const block = (): Layer[] => [new Dense(30, 30, { rng, activation: selu }), new Dropout(0.2)];
    const net = new Sequential(...block(), ...block(), new Dense(30, 30, { rng }), new SELU(), ...block());
    expect(snnReport(net, rng.normal([50, 30])).warnings).toEqual([
      expect.stringMatching(/^layers 1–2, 4: Dropout\(0.2\) behind SELU: .* 1 to 1.250/),
    ]);
  });

  test("AlphaDropout after a layer that is not SELU", () => {
    const text = "layer 1: AlphaDropout(0.1) behind a layer that is not SELU: it drops units to -1.758";
    expect(warned(new ReLU(), new AlphaDropout(0.1), new SELU())[0]).toContain(text);
    expect(warned(new AlphaDropout(0.1), new SELU())[0]).toContain(text);
    expect(warned(new SELU(), new LayerNorm(30), new AlphaDropout(0.1))[0]).toContain(text);
    expect(warned(new ReLU(), new AlphaDropout(0))).toEqual([]);
  });

  test("plain Dropout on the input of SELU", () => {
    const net = new Sequential(new Dropout(0.2), new Dense(20, 30, { rng }), new SELU());
    expect(snnReport(net, rng.normal([50, 20])).warnings).toEqual([
      expect.stringMatching(
        /^input: Dropout\(0.2\) before SELU: in training it takes a variance of 1 to 1.250/,
      ),
    ]);
  });
});
