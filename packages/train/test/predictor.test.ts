import { createRng, Parameter, relu, type Tensor, tanh, tensor, variable } from "@gradus/core";
import { Dense, type Layer, LeakyReLU, Sequential } from "@gradus/nn";
import { afterEach, expect, test, vi } from "vitest";
import { predictor } from "../src/index.ts";
import { smallNet } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const rng = createRng("predictor");
const x = rng.normal([3, 2]);

/** A net that counts how often its code runs. */
function counted(net: Layer): { net: Layer; runs: () => number } {
  const forward = vi.fn((input: Tensor) => net.forward(input));
  return { net: { inner: net, forward } as Layer, runs: () => forward.mock.calls.length };
}

test("U6: predictor gives what forward gives, as constants, and runs the net's code once per shape", () => {
  const inner = smallNet();
  const { net, runs } = counted(inner);
  const predict = predictor(net);
  for (const input of [x, x, variable(x), tensor([[1, 2]]), x, tensor([[1, 2]])]) {
    const out = predict(input);
    expect(out.data).toEqual(inner.forward(input).data);
    expect(out.tracked).toBe(false);
  }
  expect(runs()).toBe(3);
  predict.release();
  expect(predict(x).data).toEqual(inner.forward(x).data);
  expect(runs()).toBe(4);
  predict.release();
});

/** Nets, and changes of them that a kept plan must follow. */
class Scaled implements Layer {
  scale = 2;
  offset?: number;
  list = [1, 2];
  options = { on: true, deep: { power: 1 } };
  weight: Parameter = new Parameter([1, 2]);
  inner: Layer = new Dense(2, 2, { rng: createRng("inner") });
  activation: (x: Tensor) => Tensor = tanh;
  forward(input: Tensor): Tensor {
    const { scale, offset = 0, list, options } = this;
    const y = this.activation(this.inner.forward(input))
      .mul(this.weight)
      .mul(scale * list[0] * list.length);
    return options.on ? y.add(offset + options.deep.power) : y;
  }
}
const changes: Record<string, (net: Scaled) => unknown> = {
  "a number": (net) => Object.assign(net, { scale: 3 }),
  "a number to NaN": (net) => Object.assign(net, { scale: Number.NaN }),
  "0 to −0": (net) => Object.assign(net, { scale: -0 }),
  "a field that was not there": (net) => Object.assign(net, { offset: 5 }),
  "a field that goes": (net) => Reflect.deleteProperty(net, "offset"),
  "an element of a list": (net) => Object.assign(net.list, [7]),
  "a longer list": (net) => net.list.push(3),
  "another list": (net) => Object.assign(net, { list: [5] }),
  "a flag in an object": (net) => Object.assign(net.options, { on: false }),
  "a number two objects deep": (net) => Object.assign(net.options.deep, { power: 9 }),
  "another weight": (net) => Object.assign(net, { weight: new Parameter([5, 6]) }),
  "a weight by assign": (net) => net.weight.assign([-1, -2]),
  "an activation": (net) => Object.assign(net, { activation: relu }),
  "a layer": (net) => Object.assign(net, { inner: new Dense(2, 2, { rng: createRng("other") }) }),
  "a field of a layer": (net) => Object.assign(net.inner, { activation: relu }),
  "a weight of a layer": (net) => Object.assign(net.inner, { weight: new Parameter(rng.normal([2, 2])) }),
  "its forward": (net) => Object.assign(net, { forward: (y: Tensor) => y.mul(3) }),
  "the forward of a layer": (net) => Object.assign(net.inner, { forward: (y: Tensor) => y.mul(3) }),
  "the class of a layer": (net) => Object.setPrototypeOf(net.inner, { forward: (y: Tensor) => y.neg() }),
  "a getter": (net) => Object.defineProperty(net, "scale", { get: () => 11 }),
};

for (const [name, change] of Object.entries(changes)) {
  test(`U6: a kept predictor follows a change of the net: ${name}`, () => {
    const net = new Scaled();
    net.offset = 0;
    if (name === "a field that was not there") Reflect.deleteProperty(net, "offset");
    if (name === "0 to −0") net.scale = 0;
    const predict = predictor(net);
    for (let i = 0; i < 2; i++) expect(predict(x).data).toEqual(net.forward(x).data);
    change(net);
    for (let i = 0; i < 2; i++) expect(predict(x).data).toEqual(net.forward(x).data);
    predict.release();
  });
}

test("U6: layers of a Sequential that are swapped or added, and a method that is patched, count too", () => {
  const layers: Layer[] = [new Dense(2, 4, { rng }), new LeakyReLU(), new Dense(4, 2, { rng })];
  const net = new Sequential(...layers);
  const predict = predictor(net);
  const same = (): void => expect(predict(x).data).toEqual(net.forward(x).data);
  const list = net.layers as Layer[];
  same();
  list.push(new LeakyReLU());
  same();
  [list[1], list[3]] = [new LeakyReLU({ slope: 0.5 }), list[1]];
  same();
  list.pop();
  same();
  vi.spyOn(Dense.prototype, "forward").mockImplementation((y) => y.sum({ axes: 1, keepDims: true }));
  same();
  vi.restoreAllMocks();
  same();
  predict.release();
});

test("U6: a forward that changes a field in every call is run in every call", () => {
  const net = {
    calls: 0,
    forward(input: Tensor): Tensor {
      this.calls++;
      return input.mul(this.calls);
    },
  };
  const predict = predictor(net);
  expect([1, 2, 3].map(() => predict(tensor([1])).item())).toEqual([1, 2, 3]);
  predict.release();
});

test("a predictor of a net that reads its numbers runs op by op, with one warning, and gives constants", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const net = smallNet();
  const predict = predictor({ net, forward: (y) => (y.sum().item() > 1e9 ? y : net.forward(y)) } as Layer);
  for (let i = 0; i < 3; i++) {
    expect(predict(x).data).toEqual(net.forward(x).data);
    expect(predict(x).tracked).toBe(false);
  }
  expect(warn).toHaveBeenCalledTimes(1);
});

test("predictor refuses what is no net and no tensor, and passes on the errors of the net", () => {
  expect(() => predictor({} as never)).toThrow("predictor: a net is an object with a forward method");
  const predict = predictor(smallNet());
  expect(() => predict([[1, 2]] as never)).toThrow(
    "predictor: needs a tensor of inputs, got [[1,2]]; tensor(values) makes one",
  );
  expect(() => predict(tensor([[1, 2, 3]]))).toThrow("Dense(2, 4)");
  expect(() => predictor({ forward: () => 3 as never })(x)).toThrow(
    "predictor: the net's forward must return a tensor, got 3",
  );
});
