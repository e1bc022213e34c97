import { ArgumentError, backward, createRng, ones, relu, selu, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  AlphaDropout,
  BatchNorm,
  Dense,
  type Layer,
  layerOutputs,
  layersInOrder,
  type Mode,
  namedLayers,
  namedParameters,
  namedTensors,
  Sequential,
  Tanh,
} from "../src/index.ts";

const rng = createRng("layer outputs");
const x = createRng("x").normal([6, 3]);

/** The same net each time. */
const deep = (): Sequential => {
  const weights = createRng("weights");
  return new Sequential(
    new Dense(3, 4, { rng: weights }),
    new BatchNorm(4),
    new Sequential(selu, new Sequential(new AlphaDropout(0.4)), new Sequential()),
    new Dense(4, 2, { rng: weights, activation: relu }),
  );
};

class Residual implements Layer {
  readonly inner: Layer = new Sequential(new Dense(3, 3, { rng }), selu);
  forward(input: Tensor, mode?: Mode): Tensor {
    return input.add(this.inner.forward(input, mode));
  }
}

describe("layersInOrder", () => {
  test("lists the layers of Sequentials at any depth, with the paths of namedLayers", () => {
    const net = deep();
    const found = layersInOrder(net);
    expect(found.map(({ path }) => path)).toEqual([
      "layers.0",
      "layers.1",
      "layers.2.layers.0",
      "layers.2.layers.1.layers.0",
      "layers.3",
    ]);
    const named = new Map<string, Layer>(namedLayers(net));
    for (const { path, layer } of found) expect(named.get(path)).toBe(layer);
    const parameters = namedParameters(net).map(([name]) => name);
    expect(parameters).toContain(`${found[4].path}.weight`);
  });

  test("lists any other layer as one, also a Sequential with its own forward", () => {
    class Twice extends Sequential {
      override forward(input: Tensor, mode?: Mode): Tensor {
        return super.forward(super.forward(input, mode), mode);
      }
    }
    const [residual, twice, dense] = [new Residual(), new Twice(new Tanh()), new Dense(3, 1, { rng })];
    const own = Object.assign(new Sequential(new Tanh()), { forward: (input: Tensor) => input });
    expect(layersInOrder(new Sequential(residual, twice, own)).map(({ layer }) => layer)).toEqual([
      residual,
      twice,
      own,
    ]);
    expect(layersInOrder(dense)).toEqual([{ path: "", layer: dense }]);
    expect(layersInOrder(new Sequential())).toEqual([]);
  });

  test("lists a layer in two places twice", () => {
    const shared = new Dense(3, 3, { rng });
    expect(layersInOrder(new Sequential(shared, selu, shared)).map(({ path }) => path)).toEqual([
      "layers.0",
      "layers.1",
      "layers.2",
    ]);
  });
});

describe("layerOutputs", () => {
  test("chains: each input is the output before, the first is x", () => {
    const net = deep();
    const found = layerOutputs(net, x);
    expect(found.map(({ path, layer }) => ({ path, layer }))).toEqual(layersInOrder(net));
    expect(found[0].input).toBe(x);
    for (let i = 1; i < found.length; i++) expect(found[i].input).toBe(found[i - 1].output);
    expect(found[2].output.data).toEqual(selu(found[1].output).data);
    expect(layerOutputs(new Sequential(), x)).toEqual([]);
  });

  test.each([
    ["evaluation", (): Mode | undefined => undefined],
    ["training", (): Mode => ({ train: true, rng: createRng("masks") })],
  ])("in %s ends with the bits of forward, the same gradients, buffers and draws", (_, modeOf) => {
    const [net, twin] = [deep(), deep()];
    const [mode, twinMode] = [modeOf(), modeOf()];
    const output = layerOutputs(net, x, mode).at(-1)?.output as Tensor;
    const expected = twin.forward(x, twinMode);
    expect(output.data).toEqual(expected.data);
    const [gradients, twinGradients] = [backward(output.sum()), backward(expected.sum())];
    const others = namedParameters(twin);
    namedParameters(net).forEach(([, parameter], i) => {
      expect(gradients.of(parameter).data).toEqual(twinGradients.of(others[i][1]).data);
    });
    expect(namedTensors(net).map(([, { data }]) => data)).toEqual(
      namedTensors(twin).map(([, { data }]) => data),
    );
    if (mode?.train && twinMode?.train) expect(mode.rng.state()).toEqual(twinMode.rng.state());
  });

  test("refuses anything but a net and a tensor", () => {
    expect(() => layerOutputs({} as Layer, x)).toThrow(
      "layerOutputs: a net is an object with a forward method, got Object",
    );
    expect(() => layersInOrder(undefined as unknown as Layer)).toThrow(ArgumentError);
    expect(() => layerOutputs(new Tanh(), [1] as unknown as Tensor)).toThrow(
      "layerOutputs: x must be a tensor, got [1]",
    );
    // @ts-expect-error: the compiler sees it too
    const net = new Sequential(new Dense(3, 2, { rng }), new Dense(3, 2, { rng }));
    expect(() => layerOutputs(net, ones([1, 3]))).toThrow(
      "Dense(3, 2): expects an input [..., 3], got [1,2]",
    );
    expect(layerOutputs(new Tanh(), tensor([0]))[0].output.toArray()).toEqual([0]);
  });
});
