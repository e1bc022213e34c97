import { ArgumentError, createRng, ones, selu, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  BatchNorm,
  Dense,
  Dropout,
  FunctionLayer,
  type Layer,
  type Mode,
  SELU,
  Sequential,
  Tanh,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

const rng = createRng("weights");

describe("Sequential", () => {
  test("gives each layer the output of the layer before", () => {
    const layer = (f: (x: Tensor) => Tensor): Layer => ({ forward: f });
    const net = new Sequential(
      layer((x) => x.add(1)),
      layer((x) => x.mul(2)),
      new Sequential(layer((x) => x.sub(3))),
    );
    expect(net.forward(tensor([1, 2])).toArray()).toEqual([1, 3]);
  });

  test("of no layers is the identity", () => {
    const x = ones([2]);
    expect(new Sequential().forward(x)).toBe(x);
    expect(String(new Sequential())).toBe("Sequential()");
  });

  test("gives the same mode to every layer, at any depth", () => {
    const seen: (Mode | undefined)[] = [];
    const spy: Layer = {
      forward: (x, mode) => {
        seen.push(mode);
        return x;
      },
    };
    const mode: Mode = { train: true, rng: createRng(0) };
    const net = new Sequential(spy, new Sequential(spy));
    net.forward(ones([1]), mode);
    net.forward(ones([1]));
    expect(seen).toEqual([mode, mode, undefined, undefined]);
    expect(seen[0]).toBe(mode);
  });

  test("passes the gradient checks for all parameters in both modes", () => {
    const net = new Sequential(
      new Dense(3, 4, { rng }),
      new BatchNorm(4),
      new Tanh(),
      new Dropout(0.3),
      new Dense(4, 2, { rng, activation: selu }),
    );
    checkLayer(net, [awayFromKinks([5, 3])]);
    checkLayer(net, [awayFromKinks([5, 3])], true);
  });

  test("does not change the error of a layer", () => {
    // @ts-expect-error: the compiler sees it too
    const net = new Sequential(new Dense(784, 10, { rng }), new SELU(), new Dense(12, 2, { rng }));
    expect(() => net.forward(ones([1, 784]))).toThrow("Dense(12, 2): expects an input [..., 12], got [1,10]");
  });

  test("refuses anything but layers and functions", () => {
    for (const bad of [null, undefined, 5, {}, []]) {
      expect(() => new Sequential(new SELU(), bad as unknown as Layer)).toThrow(ArgumentError);
    }
    expect(() => new Sequential({} as unknown as Layer)).toThrow(
      "Sequential: layer 0 has no forward method, got Object; it takes layers, and functions such as selu",
    );
    expect(() => new Sequential(new SELU(), SELU as unknown as Layer)).toThrow(
      "Sequential: layer 1 is the class SELU; make one: new SELU(…)",
    );
  });

  test("takes functions beside layers, with the bits of the classes", () => {
    const dense = [new Dense(3, 4, { rng }), new Dense(4, 4, { rng }), new Dense(4, 2, { rng })];
    const center = (x: Tensor): Tensor => x.sub(x.mean({ axes: 0 }));
    const net = new Sequential(dense[0], selu, dense[1], selu, center, dense[2]);
    const x = awayFromKinks([5, 3]);
    const hidden = new Sequential(dense[0], new SELU(), dense[1], new SELU()).forward(x);
    expect(net.forward(x).data).toEqual(dense[2].forward(center(hidden)).data);
    checkLayer(net, [x]);
    checkLayer(net, [x], true);
    expect(net.layers.map(String)).toEqual([
      "Dense(3, 4)",
      "selu",
      "Dense(4, 4)",
      "selu",
      "center",
      "Dense(4, 2)",
    ]);
    expect(net.layers[1]).toBeInstanceOf(FunctionLayer);
    // The layers of a net can be put into another one.
    expect(new Sequential(...net.layers).forward(x).data).toEqual(net.forward(x).data);
  });

  test("prints one layer per line, nested ones indented", () => {
    const net = new Sequential(new Dense(2, 3, { rng }), new Sequential(new SELU(), new Dropout(0.5)));
    expect(String(net)).toBe(
      [
        "Sequential(",
        "  0: Dense(2, 3)",
        "  1: Sequential(",
        "    0: SELU()",
        "    1: Dropout(0.5)",
        "  )",
        ")",
      ].join("\n"),
    );
  });

  test("a function that was put into layers later is refused, with the way out", () => {
    const net = new Sequential(new Dense(2, 2, { rng }));
    const layers = net.layers as unknown as unknown[];
    layers.push(selu);
    const way =
      "layer 1 has no forward, got function op: only new Sequential(…) wraps functions; use new FunctionLayer(…)";
    expect(() => net.forward(ones([1, 2]))).toThrow(ArgumentError);
    expect(() => net.forward(ones([1, 2]))).toThrow(way);
    layers[1] = undefined;
    expect(() => net.forward(ones([1, 2]))).toThrow("Sequential: layer 1 has no forward, got undefined");
    layers[1] = new FunctionLayer(selu);
    expect(net.forward(ones([1, 2])).shape).toEqual([1, 2]);
  });
});
