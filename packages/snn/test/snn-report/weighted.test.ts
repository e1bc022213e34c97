import { createRng, mul, selu, type Tensor, tensor } from "@gradus/core";
import {
  AlphaDropout,
  Conv1d,
  type Conv1dOptions,
  Conv2d,
  ConvTranspose2d,
  Dense,
  FeatureAlphaDropout,
  Flatten,
  heNormal,
  type Initializer,
  type Layer,
  lecunNormal,
  MaxPool2d,
  normal,
  ReLU,
  SELU,
  Sequential,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import type { SnnLayer } from "../../src/snn-report/result.ts";
import { snnReport } from "../../src/snn-report.ts";
import { expectClose, moments } from "../support.ts";
import { convNet } from "./support.ts";

describe("snnReport of a convolutional net", () => {
  const rng = createRng("conv nets");
  const images = rng.normal([4, 20, 20, 3]);

  test("8 layers of 3×3×16 with SELU and LeCun weights keep a variance near 1; others do not", () => {
    const variances = (init: Initializer, activation: () => Layer = () => new SELU()): number[] =>
      snnReport(convNet(createRng("weights"), 8, 16, init, activation), images).layers.map(
        ({ variance }) => variance,
      );
    for (const variance of variances(lecunNormal)) {
      expect(variance).toBeGreaterThan(0.7);
      expect(variance).toBeLessThan(1.3);
    }
    expect(variances(lecunNormal, () => new ReLU())[7]).toBeLessThan(0.02);
    expect(variances(heNormal)[7]).toBeGreaterThan(3);
  });

  test("names, kinds, paths; moments over all positions; gradients of the weights", () => {
    const [first, second] = [
      new Conv2d(3, 4, [3, 1], { rng, activation: selu }),
      new Conv2d(4, 2, 5, { rng, stride: 2 }),
    ];
    const dense = new Dense(2 * 7 * 8, 3, { rng });
    const batch = rng.normal([5, 20, 20, 3]);
    const net = new Sequential(first, new FeatureAlphaDropout(0.1), second, new SELU(), new Flatten(), dense);
    const hidden = second.forward(first.forward(batch));
    expect(hidden.shape).toEqual([5, 7, 8, 2]);
    const { layers, warnings } = snnReport(net, batch);
    expect(layers.map(({ name }) => name)).toEqual([
      "3→4 3×1 selu FeatureAlphaDropout(0.1)",
      "4→2 5×5 SELU Flatten",
      "112→3",
    ]);
    expect(layers.map(({ kind }) => kind)).toEqual(["selu", "selu", "linear"]);
    expect(layers.map(({ path }) => path)).toEqual(["layers.0", "layers.2", "layers.5"]);
    expectClose(layers[0].variance, moments(first.forward(batch)).variance, 1e-12);
    expectClose(layers[1].variance, moments(selu(hidden)).variance, 1e-12);
    for (const { gradientNorm } of layers) expect(gradientNorm).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });

  test("ω and τ are sums over (ky, kx, c) of each output channel, averaged over the channels", () => {
    const weight = [
      [[[1, 0.5]], [[-2, 0.5]]],
      [[[0, 0.5]], [[4, -0.5]]],
    ];
    const layer = new Conv2d(1, 2, 2, { rng, init: () => tensor(weight), activation: selu });
    const [{ weights }] = snnReport(layer, rng.normal([3, 4, 4, 1])).layers;
    // Channel 0: 1 − 2 + 0 + 4 = 3 and 1 + 4 + 0 + 16 = 21. Channel 1: 1 and 1.
    expectClose(weights.sum, 2, 1e-14);
    expectClose(weights.squareSum, 11, 1e-14);
  });

  test("ω and τ with groups and of a transposed convolution, whose outputs see a part of the kernel", () => {
    const half = new Conv1d(4, 4, 3, { rng, groups: 2, init: (shape) => mul(tensor(0.5), ones(shape)) });
    const [grouped] = snnReport(half, rng.normal([3, 9, 4])).layers;
    expect(grouped.weights).toEqual({ sum: 3, squareSum: 1.5 }); // 3·2 weights of ½
    const up = new ConvTranspose2d(4, 3, 2, {
      rng,
      stride: 2,
      init: (shape) => mul(tensor(0.5), ones(shape)),
    });
    const [transposed] = snnReport(up, rng.normal([3, 5, 5, 4])).layers;
    expect(transposed.weights).toEqual({ sum: 2, squareSum: 1 }); // 4 of 2·2·4 weights meet an output
  });

  test("the theory counts the zeros of the padding: a 1×1 image has one term in nine", () => {
    const layer = new Conv2d(1, 4000, 3, { rng, padding: "same", init: normal({ mean: 0, std: 1 }) });
    const net = new Sequential(layer, new AlphaDropout(0));
    const [{ theory, variance, weights }] = snnReport(
      net,
      tensor([2]).reshape({ shape: [1, 1, 1, 1] }),
    ).layers;
    expect(theory?.variance).toBeCloseTo((4 * weights.squareSum) / 9, 1);
    expectClose(variance, 4, 0.1);
  });

  test.each<[string, (channels: number) => readonly Layer[], number[], channels?: number]>([
    ["padding", (c) => [new Conv2d(3, c, 3, { rng, padding: "same", activation: selu })], [12, 5, 5, 3]],
    [
      "a stride and a dilation",
      (c) => [new Conv2d(3, c, 3, { rng, stride: 2, dilation: 2, padding: 1, activation: selu })],
      [12, 9, 8, 3],
    ],
    [
      "two layers and Flatten",
      (c) => [
        new Conv2d(3, c, 3, { rng, padding: "same", activation: selu }),
        new Conv2d(c, c, 3, { rng, padding: 2, activation: selu }),
        new Flatten(),
        new Dense(c * 36, 1000, { rng, activation: selu }),
      ],
      [10, 4, 4, 3],
      150,
    ],
    [
      "a transposed convolution",
      (c) => [new ConvTranspose2d(3, c, 3, { rng, stride: 2, activation: selu })],
      [12, 5, 5, 3],
    ],
    [
      "a sequence",
      (c) => [new Conv1d(3, c, 5, { rng, padding: "same", activation: selu } as Conv1dOptions)],
      [12, 7, 3],
    ],
  ])("the theory holds to sampling error for many channels: %s", (_, layers, shape, channels = 300) => {
    const batch = rng.normal(shape).mul(1.5).add(0.4);
    for (const { mean, variance, theory } of snnReport(new Sequential(...layers(channels)), batch).layers) {
      if (!theory) throw new Error("no theory");
      expect(Math.abs(mean - theory.mean)).toBeLessThan(0.1 * Math.sqrt(variance));
      expectClose(variance, theory.variance, 0.15);
    }
  });

  test("the band holds 95 % of the layers of LeCun nets, also behind Flatten", () => {
    const inside = { mean: 0, variance: 0 };
    const all: SnnLayer[] = [];
    for (let i = 0; i < 20; i++) {
      const stream = createRng(`band ${i}`);
      const net = new Sequential(
        convNet(stream, 5, 12),
        new Flatten(),
        new Dense(12 * 36, 20, { rng: stream, activation: selu }),
      );
      all.push(...snnReport(net, stream.split("batch").normal([10, 6, 6, 3])).layers);
    }
    for (const { outside } of all) {
      for (const what of ["mean", "variance"] as const) if (!outside.includes(what)) inside[what]++;
    }
    for (const share of [inside.mean / all.length, inside.variance / all.length]) {
      expect(share).toBeGreaterThan(0.88);
      expect(share).toBeLessThan(0.995);
    }
  });

  test("the band of a convolution is for its channels, with Flatten behind it too", () => {
    const layer = new Conv2d(3, 6, 3, { rng, activation: selu });
    const batch = rng.normal([10, 6, 6, 3]);
    const [alone] = snnReport(layer, batch).layers;
    const [flat] = snnReport(new Sequential(layer, new Flatten()), batch).layers;
    expect(flat.kind).toBe("selu");
    expect(flat.band).toEqual(alone.band);
  });

  test("starts again behind a pool", () => {
    const net = new Sequential(
      new Conv2d(3, 8, 3, { rng, activation: selu }),
      new MaxPool2d(2),
      new Conv2d(8, 200, 3, { rng, activation: selu }),
    );
    const { layers, warnings } = snnReport(net, rng.normal([20, 12, 12, 3]));
    expect(layers.map(({ kind }) => kind)).toEqual(["other", "selu"]);
    expect(layers[0].theory).toBe(null);
    expectClose(layers[1].variance, layers[1].theory?.variance ?? Number.NaN, 0.15);
    expect(warnings).toEqual([]);
  });
});

function ones(shape: readonly number[]): Tensor {
  return createRng(0).normal(shape, { std: 0 }).add(1);
}
