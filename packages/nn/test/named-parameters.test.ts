import { ArgumentError, createRng, ones, Parameter, selu, tensor, variable, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  BatchNorm,
  Dense,
  namedLayers,
  namedParameters,
  namedTensors,
  PReLU,
  SELU,
  Sequential,
} from "../src/index.ts";

const rng = createRng("weights");
const names = (net: object): string[] => namedParameters(net).map(([name]) => name);

describe("namedParameters", () => {
  test("names follow the fields of a nested net in the order of declaration", () => {
    const net = {
      encoder: new Sequential(new Dense(4, 3, { rng }), new SELU(), new Dense(3, 2, { rng, bias: false })),
      decoder: { first: new Dense(2, 3, { rng }), slope: new PReLU() },
      extra: new Parameter(zeros([2])),
    };
    expect(names(net)).toEqual([
      "encoder.layers.0.weight",
      "encoder.layers.0.bias",
      "encoder.layers.2.weight",
      "decoder.first.weight",
      "decoder.first.bias",
      "decoder.slope.slope",
      "extra",
    ]);
    expect(namedParameters(net)[3][1]).toBe(net.decoder.first.weight);
  });

  test("more than ten layers keep their order", () => {
    const net = new Sequential(...Array.from({ length: 12 }, () => new PReLU()));
    expect(names(net)).toEqual(Array.from({ length: 12 }, (_, i) => `layers.${i}.slope`));
  });

  test("buffers are tensors of the net but not parameters", () => {
    const net = new Sequential(new BatchNorm(3));
    expect(names(net)).toEqual(["layers.0.scale", "layers.0.shift"]);
    expect(namedTensors(net).map(([name]) => name)).toEqual([
      "layers.0.scale",
      "layers.0.shift",
      "layers.0.runningMean",
      "layers.0.runningVariance",
    ]);
  });

  test("a function among the layers keeps its place, and has no parameters", () => {
    const net = new Sequential(new Dense(2, 2, { rng }), selu, new Dense(2, 2, { rng }), selu);
    expect(names(net)).toEqual(["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"]);
    expect(namedLayers(net).map(([name]) => name)).toEqual([
      "",
      "layers.0",
      "layers.1",
      "layers.2",
      "layers.3",
    ]);
  });

  test("a shared parameter, layer or net is listed once, under its first name", () => {
    const shared = new Dense(2, 2, { rng });
    expect(names(new Sequential(shared, new SELU(), shared))).toEqual(["layers.0.weight", "layers.0.bias"]);
    const weight = new Parameter(ones([2]));
    expect(names({ a: weight, b: [weight] })).toEqual(["a"]);
  });

  test("a net with a cycle is listed too", () => {
    const net: Record<string, unknown> = { weight: new Parameter(ones([2])) };
    net.self = net;
    net.children = [{ parent: net, bias: new Parameter(zeros([2])) }];
    expect(names(net)).toEqual(["weight", "children.0.bias"]);
  });

  test("the entries of Maps and Sets are listed too", () => {
    const byName = new Map<string | number, object>([
      ["b", new PReLU()],
      [7, new PReLU()],
      ["a", new PReLU()],
    ]);
    expect(names({ byName, all: new Set([new PReLU(), new PReLU()]) })).toEqual([
      "byName.b.slope",
      "byName.7.slope",
      "byName.a.slope",
      "all.0.slope",
      "all.1.slope",
    ]);
    expect(() => names({ byLayer: new Map([[new PReLU(), 1]]) })).toThrow(
      /the Map at "byLayer" has the key PReLU, which cannot be part of a name; use text/,
    );
  });

  test("fields without tensors are left out, and so are results", () => {
    const net = {
      none: null,
      nothing: undefined,
      text: "weight",
      numbers: new Float64Array(3),
      f: (): Parameter => new Parameter(0),
      lastOutput: new Parameter(ones([2])).mul(2),
      holes: [undefined, new PReLU()],
    };
    expect(namedTensors(net).map(([name]) => name)).toEqual(["holes.1.slope"]);
    expect(names(new SELU())).toEqual([]);
  });

  test("fields named by whole numbers come in numeric order", () => {
    const [a, b, c] = [new PReLU(), new PReLU(), new PReLU()];
    const net = { x: a, "10": b, "2": c };
    expect(namedParameters(net)).toEqual([
      ["2.slope", c.slope],
      ["10.slope", b.slope],
      ["x.slope", a.slope],
    ]);
    expect(namedParameters(net)[0][1]).toBe(c.slope);
  });

  test("a layer and an array of layers are nets too", () => {
    expect(names(new PReLU())).toEqual(["slope"]);
    expect(names([new PReLU()])).toEqual(["0.slope"]);
  });

  test("a variable, a second tensor of the same name and anything but an object are refused", () => {
    expect(() => names({ layer: { weight: variable(tensor(1)) } })).toThrow(
      /layer.weight is a variable, which training would not change; make it a Parameter/,
    );
    expect(() => names({ "a.b": new Parameter(1), a: { b: new Parameter(2) } })).toThrow(
      /two tensors are named "a.b"/,
    );
    expect(() => names({ a: { weight: { storage: {}, tracked: true } } })).toThrow(
      /a.weight is Object of another copy of @gradus\/core \(npm ls @gradus\/core\)/,
    );
    for (const net of [null, undefined, 5, "net", () => 0, new Parameter(1)]) {
      expect(() => namedTensors(net as unknown as object)).toThrow(ArgumentError);
    }
  });
});

test("namedLayers lists a net and the layers in it by the same paths, each once", () => {
  const shared = new SELU();
  const encoder = new Sequential(new Dense(4, 3, { rng }), shared);
  const net = { encoder, heads: new Map([["a", new PReLU()]]), again: shared, forward: encoder.forward };
  expect(namedLayers(net as unknown as Sequential)).toEqual([
    ["", net],
    ["encoder", encoder],
    ["encoder.layers.0", encoder.layers[0]],
    ["encoder.layers.1", shared],
    ["heads.a", net.heads.get("a")],
  ]);
});
