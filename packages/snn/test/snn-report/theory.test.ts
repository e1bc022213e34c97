import { createRng, mul, type Rng, selu, type Tensor, tensor } from "@gradus/core";
import {
  Dense,
  glorotUniform,
  type Initializer,
  lecunNormal,
  lecunNormalTruncated,
  lecunUniform,
  normal,
  ReLU,
  SELU,
  Sequential,
  Tanh,
  uniform,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { seluMoments } from "../../src/moments/selu.ts";
import { LECUN, limitOf, nextLayer } from "../../src/snn-report/theory.ts";
import { type SnnLayer, type SnnReport, snnReport } from "../../src/snn-report.ts";
import { expectClose, moments } from "../support.ts";
import { even, netOf } from "./support.ts";

/** The share of means and of variances that lie in their bands. */
function coverage(layers: readonly SnnLayer[]): { mean: number; variance: number } {
  const share = (what: "mean" | "variance"): number =>
    layers.filter(({ outside }) => !outside.includes(what)).length / layers.length;
  return { mean: share("mean"), variance: share("variance") };
}

/** The layers of many nets, each with weights and a batch of its own. */
function manyNets(
  count: number,
  widths: readonly number[],
  batch: (rng: Rng) => Tensor,
  init: Initializer = lecunNormal,
): SnnLayer[] {
  return Array.from({ length: count }, (_, i) => {
    const rng = createRng(`net ${i} of ${widths.length} layers, ${widths[1]}`);
    return snnReport(netOf(widths, rng.split("weights"), init), batch(rng.split("batch"))).layers;
  }).flat();
}

function expectHonest(layers: readonly SnnLayer[]): void {
  const { mean, variance } = coverage(layers);
  for (const share of [mean, variance]) {
    expect(share, `coverage ${mean} of means, ${variance} of variances`).toBeGreaterThan(0.88);
    expect(share, `coverage ${mean} of means, ${variance} of variances`).toBeLessThan(0.995);
  }
}

describe("the band holds 95 % of the layers of LeCun nets", () => {
  test.each([
    ["25 nets of 8 layers of 16 units, 20 samples", 25, even(8, 16), 20],
    ["20 nets of 8 layers of 32 units, 40 samples", 20, even(8, 32), 40],
    ["15 nets of 8 layers of unequal widths", 15, [20, 64, 40, 24, 48, 16, 32, 60, 20], 50],
    ["8 nets of 8 layers of 64 units, 100 samples", 8, even(8, 64), 100],
  ])("%s", (_, count, widths, samples) => {
    expectHonest(manyNets(count, widths, (rng) => rng.normal([samples, widths[0]])));
  });

  test("6 nets of 50 layers", () => {
    expectHonest(manyNets(6, even(50, 40), (rng) => rng.normal([40, 40])));
  });

  test("weights that are uniform or truncated", () => {
    for (const init of [lecunUniform, lecunNormalTruncated]) {
      expectHonest(manyNets(15, even(8, 32), (rng) => rng.normal([30, 32]), init));
    }
  });

  test("one sample alone, and the same sample many times", () => {
    expectHonest(manyNets(20, even(8, 32), (rng) => rng.normal([1, 32])));
    const rng = createRng("copies");
    const net = netOf(even(8, 32), rng);
    const one = rng.normal([1, 32]);
    const copies = tensor(new Array<number[]>(40).fill(Array.from(one.data)));
    const [alone, together] = [snnReport(net, one), snnReport(net, copies)];
    alone.layers.forEach(({ band }, i) => {
      const same = together.layers[i].band;
      if (!band || !same) throw new Error("no band");
      expectClose(same.variance[0], band.variance[0], 1e-9);
      expectClose(same.mean[1], band.mean[1], 1e-9);
    });
  });

  test("similar samples with dependent features that are not normal", () => {
    const batch = (rng: Rng): Tensor => {
      const common = rng.normal([32]);
      const signs = rng.normal([60, 8]).sign();
      const mix = rng.normal([8, 32], { std: Math.sqrt(0.6 / 8) });
      return signs.matmul(mix).add(common.mul(Math.sqrt(0.4)));
    };
    expectHonest(manyNets(15, even(8, 32), batch));
  });

  test("inputs in [0, 1], for which the band tends to (0, 1)", () => {
    const layers = manyNets(20, even(8, 32), (rng) => rng.uniform([40, 32]));
    expectHonest(layers);
  });

  test("does not widen with depth: g reduces the deviation of a layer", () => {
    const rng = createRng("width of the band");
    const { layers } = snnReport(netOf(even(50, 50), rng), rng.normal([50, 50]));
    const widths = layers.map(({ band }) => (band ? band.variance[1] / band.variance[0] : Number.NaN));
    expect(Math.max(...widths.slice(25))).toBeLessThan(3 * widths[4]);
  });

  test("is narrower for wider layers, not for larger batches of the same samples", () => {
    const width = (units: number): number => {
      const rng = createRng("narrow");
      const [{ band }] = snnReport(netOf([50, units], rng), rng.normal([100, 50])).layers;
      return band ? band.mean[1] - band.mean[0] : Number.NaN;
    };
    expectClose(width(400) / width(100), 0.5, 0.2);
  });
});

/** Orders of magnitude: the variance at layer 50, and the gradient's length at layer 1 over that at layer 50. */
describe("50 layers with other initializers leave the band", () => {
  const uncorrected: Initializer = (shape, rng) => mul(lecunNormalTruncated(shape, rng), 0.8796256610342398);
  const run = (width: number, init: Initializer, selfNormalizing = true): SnnReport => {
    const rng = createRng("fifty layers");
    const net = netOf(even(50, width), rng.split("weights"), init, () =>
      selfNormalizing ? new SELU() : new ReLU(),
    );
    // A direction of its own: the length of the output would single out what the net amplifies most.
    const direction = rng.split("direction").normal([60, width]);
    return snnReport(net, rng.split("batch").normal([60, width]), {
      loss: (output) => output.mul(direction).sum(),
    });
  };
  const ratioOf = ({ layers }: SnnReport): number =>
    (layers[0].outputGradientNorm ?? Number.NaN) / (layers[49].outputGradientNorm ?? Number.NaN);
  const outsideOf = ({ layers }: SnnReport): number =>
    layers.reduce((sum, { outside }) => sum + outside.length, 0);

  test.each<[string, number, Initializer, [number, number], [number, number], "in" | "out"]>([
    ["LeCun normal", 100, lecunNormal, [0.7, 1.3], [3, 10], "in"],
    ["Glorot uniform", 100, glorotUniform, [0.7, 1.3], [3, 10], "in"],
    ["truncated and not corrected", 100, uncorrected, [0.33, 0.4], [0.8, 3], "out"],
    ["PyTorch's gain of 3/4", 100, normal({ mean: 0, std: 0.075 }), [0.025, 0.055], [0.1, 0.9], "out"],
    ["N(0, 0.05²)", 100, normal({ mean: 0, std: 0.05 }), [1e-16, 1e-14], [3e-9, 3e-7], "out"],
    ["U(±0.05)", 100, uniform({ low: -0.05, high: 0.05 }), [1e-39, 1e-37], [2e-20, 2e-18], "out"],
  ])("%s, %i units", (_, width, init, variances, ratios, where) => {
    const report = run(width, init);
    const { variance, theory, band } = report.layers[49];
    expect(variance).toBeGreaterThan(variances[0]);
    expect(variance).toBeLessThan(variances[1]);
    expect(ratioOf(report)).toBeGreaterThan(ratios[0]);
    expect(ratioOf(report)).toBeLessThan(ratios[1]);
    expect(outsideOf(report)).toBeGreaterThanOrEqual(where === "in" ? 0 : 40);
    if (where === "in") expect(outsideOf(report)).toBeLessThanOrEqual(25);
    if (where === "out") expect(variance).toBeLessThan(band?.variance[0] ?? Number.NaN);
    // The prediction is for the weights as they are, so that it holds outside of the band too.
    expect(theory?.variance).toBeGreaterThan(variance / 3);
    expect(theory?.variance).toBeLessThan(variance * 3);
    expect(report.outcome).toBe(where === "in" ? "clean" : "warnings");
  });

  test("ReLU with LeCun weights halves the second moment 50 times", () => {
    const report = run(100, lecunNormal, false);
    expect(report.layers[49].variance).toBeGreaterThan(1e-17);
    expect(report.layers[49].variance).toBeLessThan(1e-15);
    expect(ratioOf(report)).toBeGreaterThan(3e-9);
    expect(ratioOf(report)).toBeLessThan(3e-7);
    expect(report.outcome).toBe("nothing to report");
    expect(report.layers.every(({ band, theory }) => band === null && theory === null)).toBe(true);
  });
});

describe("the theory of a report", () => {
  test("holds to sampling error for wide layers with any input and weights", () => {
    const rng = createRng("wide");
    const options = {
      rng,
      init: normal({ mean: 0.5 / 300, std: 0.05 }),
      biasInit: normal({ mean: 0.2, std: 0.5 }),
    };
    const net = new Sequential(
      new Dense(300, 800, { ...options, activation: selu }),
      new Dense(800, 800, { rng, init: normal({ mean: 0, std: 0.03 }) }),
    );
    const batch = rng.uniform([40, 300], { low: -1, high: 2 });
    for (const { mean, variance, theory } of snnReport(net, batch).layers) {
      if (!theory) throw new Error("no theory");
      expect(Math.abs(mean - theory.mean)).toBeLessThan(0.05 * Math.sqrt(variance));
      expectClose(variance, theory.variance, 0.05);
    }
  });

  test("treats samples one by one: their norms may differ", () => {
    const rng = createRng("lengths");
    const batch = rng.normal([200, 100]);
    for (let i = 0; i < batch.size; i++) batch.data[i] *= i < batch.size / 2 ? 0.1 : 2;
    const [{ mean, variance, theory }] = snnReport(netOf([100, 1000], rng), batch).layers;
    expectClose(variance, theory?.variance ?? Number.NaN, 0.03);
    expect(Math.abs(mean - (theory?.mean ?? Number.NaN))).toBeLessThan(0.02);
    // One mean and variance for all of them would be far off.
    const crude = seluMoments({ mean: 0, variance: moments(batch).variance });
    expect(Math.abs(variance / crude.variance - 1)).toBeGreaterThan(0.1);
  });

  test("starts again after a layer that it does not cover", () => {
    const rng = createRng("again");
    const net = new Sequential(
      new Dense(30, 100, { rng }),
      new SELU(),
      new Dense(100, 100, { rng }),
      new Tanh(),
      new Dense(100, 500, { rng }),
      new SELU(),
    );
    const { layers } = snnReport(net, rng.normal([50, 30]));
    expect(layers.map(({ kind }) => kind)).toEqual(["selu", "other", "selu"]);
    expect(layers[1].band).toBe(null);
    expect(layers[1].theory).toBe(null);
    expect(layers[1].variance).toBeLessThan(0.5);
    expectClose(layers[2].variance, layers[2].theory?.variance ?? Number.NaN, 0.15);
  });

  test("of one layer is the map g of the paper for inputs of mean 0", () => {
    const input = { mean: 0, variance: 1.7 };
    expect(nextLayer(input, LECUN, "selu")).toEqual(seluMoments(input));
    expect(nextLayer(input, { ...LECUN, variance: 0.5 }, "linear")).toEqual({ mean: 0, variance: 0.85 });
  });

  test("the limits: the fixed points of the map of the paper, and those over all units", () => {
    const at = (factor: number, over: "samples" | "units"): string => {
      const limit = limitOf(factor, over);
      return typeof limit === "string" ? limit : `${limit.mean.toFixed(4)} ${limit.variance.toFixed(4)}`;
    };
    expect(at(1, "samples")).toMatch(/^-?0.0000 1.0000$/);
    expect(at(1, "units")).toMatch(/^-?0.0000 1.0000$/);
    expect(at(0.7737413035499232, "samples")).toBe("-0.0542 0.3511");
    expect(at(0.7737413035499232, "units")).toBe("-0.0537 0.3646");
    expect(at(1.25, "samples")).toBe("0.1520 2.1789");
    expect(at(1.25, "units")).toBe("0.1644 2.2710");
    expect(at(2, "samples")).toMatch(/^1.78.. 18.4/);
    expect(at(0.49, "samples")).toBe("vanishes");
    expect(at(0.47, "units")).toBe("vanishes");
    expect(at(2, "units")).toBe("grows");
    expect(at(3, "samples")).toBe("grows");
  });
});
