import { createRng, selu, tanh, tensor, zeros } from "@gradus/core";
import {
  type Activation,
  AlphaDropout,
  Dense,
  Dropout,
  Flatten,
  GRU,
  heNormal,
  type Layer,
  LayerNorm,
  namedParameters,
  ReLU,
  SELU,
  Sequential,
  Tanh,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { type SnnReport, snnReport } from "../src/snn-report.ts";
import { even, netOf } from "./snn-report/support.ts";
import { expectClose, moments } from "./support.ts";

const rng = createRng("snn report");

const x = rng.normal([50, 20]);

describe("snnReport", () => {
  test("measures the activations of each Dense layer with the layers after it", () => {
    const [first, second] = [new Dense(20, 30, { rng }), new Dense(30, 4, { rng })];
    const report = snnReport(new Sequential(first, new SELU(), new AlphaDropout(0.1), second), x);
    const hidden = selu(first.forward(x));
    const expected = [moments(hidden), moments(second.forward(hidden))];
    expect(report.layers.length).toBe(2);
    report.layers.forEach((layer, i) => {
      const { mean, variance } = expected[i];
      expectClose(layer.mean, mean, 1e-10);
      expectClose(layer.variance, variance, 1e-12);
      expectClose(layer.distance, Math.hypot(mean, variance - 1), 1e-10);
    });
    expectClose(report.input.variance, moments(x).variance, 1e-12);
    expect(report.samples).toBe(50);
    expect(report.layers.map(({ name }) => name)).toEqual(["20→30 SELU AlphaDropout(0.1)", "30→4"]);
    expect(report.layers.map(({ kind }) => kind)).toEqual(["selu", "linear"]);
    expect(report.layers.map(({ path }) => path)).toEqual(["layers.0", "layers.3"]);
    expect(report.outcome).toBe("clean");
    expect(report.warnings).toEqual([]);
  });

  test("lists the layers of Sequentials at any depth; an activation inside Dense counts like a layer", () => {
    const dense = (): Dense => new Dense(20, 20, { rng: createRng("same") });
    const flat = new Sequential(dense(), new SELU(), dense(), new SELU());
    const nested = new Sequential(
      new Sequential(new Dense(20, 20, { rng: createRng("same"), activation: selu }), new Sequential()),
      new Sequential(new Sequential(dense()), new SELU()),
    );
    const [a, b] = [snnReport(flat, x), snnReport(nested, x)];
    const values = ({ path, name, ...rest }: (typeof a.layers)[number]): unknown => rest;
    expect(b.layers.map(values)).toEqual(a.layers.map(values));
    expect(b.layers.map(({ path }) => path)).toEqual(["layers.0.layers.0", "layers.1.layers.0.layers.0"]);
    expect(b.layers[0].name).toBe("20→20 selu");
    const names = new Set(namedParameters(nested).map(([name]) => name));
    for (const { path } of b.layers) expect(names.has(`${path}.weight`)).toBe(true);
  });

  test("a row has kind selu only if no other function changes the sums", () => {
    const kindOf = (activation: Activation | null, ...behind: (Layer | Activation)[]): string => {
      const dense = new Dense(20, 20, activation === null ? { rng } : { rng, activation });
      return snnReport(new Sequential(dense, ...behind), x).layers[0].kind;
    };
    expect(kindOf(selu, new Dropout(0.5), new Flatten())).toBe("selu");
    expect(kindOf(null, new AlphaDropout(0.5))).toBe("linear");
    expect(kindOf(null, new SELU(), new ReLU())).toBe("other");
    expect(kindOf(selu, new SELU())).toBe("other");
    expect(kindOf(null, new LayerNorm(20), new SELU())).toBe("other");
    expect(kindOf((y) => y.tanh())).toBe("other");
    expect(kindOf(null, selu, new Dropout(0.5))).toBe("selu");
    expect(kindOf(null, tanh)).toBe("other");
    expect(kindOf(selu, selu)).toBe("other");
  });

  test("selu as a function is the same as SELU, except for its name", () => {
    const dense = (): Dense => new Dense(20, 20, { rng: createRng("same"), init: heNormal });
    const dropout = new Dropout(0.1);
    const report = snnReport(new Sequential(dense(), selu, dropout, dense(), tanh, new AlphaDropout(0.1)), x);
    const classes = new Sequential(dense(), new SELU(), dropout, dense(), new Tanh(), new AlphaDropout(0.1));
    const withoutNames = ({ layers, ...rest }: SnnReport): object => ({
      ...rest,
      layers: layers.map((layer) => ({ ...layer, name: "" })),
    });
    expect(withoutNames(report)).toEqual(withoutNames(snnReport(classes, x)));
    expect(report.layers.map(({ name }) => name)).toEqual([
      "20→20 selu Dropout(0.1)",
      "20→20 tanh AlphaDropout(0.1)",
    ]);
    expect(report.warnings.join()).toMatch(
      /layer 1: SELU needs .*layer 1: Dropout.*behind SELU.*layer 2: AlphaDropout/,
    );
  });

  test("runs in evaluation mode and changes nothing", () => {
    const net = new Sequential(
      new Dense(20, 20, { rng }),
      new SELU(),
      new Dropout(0.9),
      new Dense(20, 2, { rng }),
    );
    const before = namedParameters(net).map(([, { data }]) => data.slice());
    const copy = x.data.slice();
    expect(String(snnReport(net, x))).toBe(String(snnReport(net, x)));
    expect(namedParameters(net).map(([, { data }]) => data)).toEqual(before);
    expect(x.data).toEqual(copy);
  });

  test("the weights' sums and square sums are averages over the units", () => {
    const dense = new Dense(3, 2, {
      rng,
      init: () =>
        tensor([
          [1, 0],
          [2, 0],
          [-4, 6],
        ]),
    });
    const [{ weights }] = snnReport(new Sequential(dense, new SELU()), rng.normal([5, 3])).layers;
    expect(weights.sum).toBeCloseTo(2.5, 12);
    expect(weights.squareSum).toBeCloseTo((1 + 4 + 16 + 36) / 2, 12);
  });

  test("the layers before the first Dense belong to the input", () => {
    const images = rng.normal([10, 4, 5]).mul(3).add(1);
    const net = new Sequential(new Flatten(), new LayerNorm(20), new Dense(20, 30, { rng }), new SELU());
    const report = snnReport(net, images);
    expect(Math.abs(report.input.mean)).toBeLessThan(1e-12);
    expect(report.input.variance).toBeCloseTo(1, 3);
    expect(report.layers.length).toBe(1);
    expect(report.outcome).toBe("clean");
  });

  test("a recurrent layer before the first Dense belongs to the input", () => {
    const net = new Sequential(new GRU(5, 20, { rng }), new Dense(20, 30, { rng }), new SELU());
    const report = snnReport(net, rng.normal([50, 4, 5]));
    expect(report.layers.map(({ name }) => name)).toEqual(["20→30 SELU"]);
    expect(Math.abs(report.input.mean)).toBeLessThan(1); // of the states, which lie in (−1, 1)
    expect(report.input.variance).toBeLessThan(1);
  });

  test("a net may be a single Dense layer, and one unit has a band too", () => {
    const { layers } = snnReport(new Dense(20, 1, { rng, activation: selu }), x);
    expect(layers[0].path).toBe("");
    const [low, high] = layers[0].band?.mean ?? [0, 0];
    expect(high - low).toBeGreaterThan(2);
  });

  test("JSON keeps all data", () => {
    const report = snnReport(netOf(even(3, 20), rng), x);
    const { layers, warnings, input } = JSON.parse(JSON.stringify(report));
    expect(layers).toEqual(report.layers);
    expect(warnings).toEqual(report.warnings);
    expect(input).toEqual(report.input);
  });
});

describe("nothing to report", () => {
  test("for a net without SELU: measured, but no band, theory or warnings", () => {
    const report = snnReport(
      netOf(even(2, 20), rng, undefined, () => new ReLU()),
      x.mul(100),
    );
    expect(report.outcome).toBe("nothing to report");
    expect(report.warnings).toEqual([]);
    for (const layer of report.layers) {
      expect(layer.band).toBe(null);
      expect(layer.theory).toBe(null);
      expect(layer.outside).toEqual([]);
      expect(layer.variance).toBeGreaterThan(0);
      expect(layer.gradientNorm).toBeGreaterThan(0);
    }
  });

  test("a warning for AlphaDropout without SELU", () => {
    const net = new Sequential(new Dense(20, 20, { rng }), new ReLU(), new AlphaDropout(0.1));
    expect(snnReport(net, x).outcome).toBe("warnings");
  });
});

describe("extremes", () => {
  test("a net whose variance vanishes or overflows gets a report", () => {
    const scaled = (factor: number): Sequential =>
      netOf(even(60, 20), rng, (shape, stream) => stream.normal(shape).mul(factor));
    const dead = snnReport(scaled(1e-8), x);
    expect(dead.layers[59].variance).toBe(0);
    expect(dead.layers[59].theory).toBe(null);
    expect(dead.layers[59].outside).toContain("variance");
    const wild = snnReport(scaled(1e8), x);
    expect(wild.layers[59].variance).toBeNaN();
    expect(wild.layers[59].outside).toEqual(["mean", "variance"]);
    expect(wild.warnings.some((text) => text.includes("not finite"))).toBe(true);
    for (const report of [dead, wild]) {
      expect(String(report)).not.toContain("undefined");
      expect(report.toSVG()).not.toMatch(/NaN"|undefined|Infinity/);
    }
  });

  test("zeros as input have no theory", () => {
    const { layers, warnings } = snnReport(netOf(even(2, 20), rng), zeros([5, 20]));
    expect(layers[0].theory).toBe(null);
    expect(layers[0].band).toBe(null);
    expect(warnings[0]).toMatch(/^input: it has mean 0.000 and variance 0.000/);
  });
});
