import { createRng, selu } from "@gradus/core";
import {
  AlphaDropout,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  FeatureAlphaDropout,
  glorotNormal,
  heNormal,
  type Initializer,
  type Layer,
  lecunNormal,
  MaxPool2d,
  normal,
  ReLU,
  Sequential,
  Upsample,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { snnReport } from "../../src/snn-report.ts";
import { convNet } from "./support.ts";

describe("warnings about a convolutional net", () => {
  const rng = createRng("conv warnings");
  const warned = (...layers: readonly Layer[]): readonly string[] =>
    snnReport(new Sequential(...layers), rng.normal([30, 8, 8, 3])).warnings;
  const conv = (init: Initializer = lecunNormal, inputs = 3): Conv2d =>
    new Conv2d(inputs, 32, 3, { rng, init, padding: "same", activation: selu });

  test("none for LeCun weights with fan_in = kh·kw·in/groups, with SELU's dropout, pools behind it, or Upsample", () => {
    expect(warned(conv(), new FeatureAlphaDropout(0.1), new MaxPool2d(2), conv(lecunNormal, 32))).toEqual([]);
    expect(warned(conv(), new Upsample(2), new AlphaDropout(0.1))).toEqual([]);
    expect(warned(conv(), new MaxPool2d(2), new Dropout(0.1))).toEqual([]);
    expect(warned(new Conv2d(3, 96, 5, { rng, groups: 3, activation: selu }))).toEqual([]);
    for (let i = 0; i < 40; i++) {
      expect(snnReport(convNet(createRng(i), 4, 6), createRng(-i).normal([8, 6, 6, 3])).warnings).toEqual([]);
    }
  });

  test("He's and Glorot's initializers, with the fans of the kernel", () => {
    expect(warned(conv(heNormal))).toEqual([
      expect.stringMatching(/^layer 1: .* as He's initializers have it/),
    ]);
    expect(warned(conv(glorotNormal))).toEqual([
      expect.stringMatching(/as Glorot's have it between 27 and 288 units/),
    ]);
  });

  test("a transposed convolution with a stride has fewer terms than lecunNormal's fan_in", () => {
    const up = (init: Initializer): ConvTranspose2d =>
      new ConvTranspose2d(3, 64, 4, { rng, stride: 2, init, activation: selu });
    expect(warned(up(lecunNormal))).toEqual([
      expect.stringMatching(
        /as lecunNormal has it, whose fan_in .* 12\.000 terms, not 48: use normal\({ mean: 0, std: 0\.289 }\)\.$/,
      ),
    ]);
    expect(warned(up(normal({ mean: 0, std: 0.289 })))).toEqual([]);
  });

  test("plain Dropout behind SELU, and AlphaDropout behind another function or a pool", () => {
    expect(warned(conv(), new Dropout(0.5))).toEqual([
      expect.stringMatching(/^layer 1: Dropout\(0.5\) behind SELU/),
    ]);
    const linear = new Conv2d(3, 8, 3, { rng });
    expect(warned(linear, new ReLU(), new AlphaDropout(0.1))).toEqual([
      expect.stringMatching(/^layer 1: AlphaDropout\(0.1\) behind a layer that is not SELU/),
    ]);
    expect(warned(conv(), new MaxPool2d(2), new AlphaDropout(0.1))).toEqual([
      expect.stringMatching(
        /^layer 1: AlphaDropout\(0.1\) behind MaxPool2d\(2\): .* Put it before the pool\.$/,
      ),
    ]);
  });

  test("images that are not standardised, and outliers by channel", () => {
    const raw = rng.uniform([50, 6, 6, 3]);
    expect(snnReport(conv(), raw).warnings).toEqual([
      expect.stringMatching(/^input: .* Standardise every channel\.$/),
    ]);
    const spiked = rng.normal([50, 6, 6, 3]);
    spiked.data[7 * 108 + 4] = 60; // sample 7, channel 1
    expect(snnReport(conv(), spiked).warnings).toEqual([
      expect.stringMatching(/^input: channel 1 of sample 7 is .*no other channel/),
    ]);
  });
});
