import { createRng, FormatError, Parameter, tensor } from "@gradus/core";
import { type Dense, namedTensors } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { TensorsState, TrainingState } from "../src/state.ts";
import { bitsOf, smallNet } from "./support.ts";

const stateOf = (net: object) => new TensorsState(namedTensors(net));

describe("the state of tensors", () => {
  test("restores parameters and buffers bit for bit, any number of times", () => {
    const net = smallNet();
    (net.layers[0] as Dense).weight.assign([-0, Number.NaN, Infinity, 5e-324, 0.1, 1, 2, 3]);
    const before = bitsOf(net);
    const tensors = stateOf(net);
    const copy = tensors.state();
    for (let i = 0; i < 2; i++) {
      net.forward(createRng(1).normal([4, 2]), { train: true, rng: createRng(2) });
      (net.layers[0] as Dense).weight.assign(new Float64Array(8));
      expect(bitsOf(net)).not.toEqual(before);
      tensors.restore(copy);
      expect(bitsOf(net)).toEqual(before);
    }
  });

  test("is a copy: two states keep the numbers of two moments", () => {
    const net = { x: new Parameter(tensor([1, 2])), buffer: tensor([3]) };
    const tensors = stateOf(net);
    const first = tensors.state();
    net.x.assign([4, 5]);
    const second = tensors.state();
    net.x.assign([6, 7]);
    net.buffer.assign([8]);
    tensors.restore(second);
    expect([...net.x.data, ...net.buffer.data]).toEqual([4, 5, 3]);
    tensors.restore(first);
    expect([...net.x.data, ...net.buffer.data]).toEqual([1, 2, 3]);
  });

  test("may be of some tensors only", () => {
    const net = { x: new Parameter(tensor([1, 2])), buffer: tensor([3]) };
    const buffers = new TensorsState(namedTensors(net).filter(([, x]) => !(x instanceof Parameter)));
    const copy = buffers.state();
    net.x.assign([4, 5]);
    net.buffer.assign([6]);
    buffers.restore(copy);
    expect([...net.x.data, ...net.buffer.data]).toEqual([4, 5, 3]);
  });

  test("counts as a change when restored, so that gradients of stale values are refused", () => {
    const net = { x: new Parameter(tensor([1, 2])) };
    const tensors = stateOf(net);
    const before = net.x.storage.version;
    tensors.restore(tensors.state());
    expect(net.x.storage.version).toBeGreaterThan(before);
  });

  test("can be checked without a change: the result is a copy, or an error that lists what does not fit", () => {
    const net = { x: new Parameter(tensor([1, 2])), buffer: tensor([3]) };
    const tensors = stateOf(net);
    const saved = { x: tensor([5, 6]), buffer: tensor([7]) };
    const copy = tensors.checked(saved);
    saved.x.assign([0, 0]);
    expect([...copy.x.data, ...copy.buffer.data]).toEqual([5, 6, 7]);
    for (const [state, message] of [
      [{ x: tensor([1, 2]) }, 'missing "buffer"'],
      [{ ...saved, more: tensor([1]) }, 'unexpected "more"'],
      [{ ...saved, x: tensor([1]) }, '"x" is [1] where the net has [2]'],
      [{ ...saved, x: [1, 2] }, 'checkpoint: "x" is no tensor but'],
      [undefined, 'missing "x", "buffer"'],
    ] as const) {
      expect(() => tensors.checked(state)).toThrow(FormatError);
      expect(() => tensors.checked(state)).toThrow(message);
    }
    expect([...net.x.data, ...net.buffer.data]).toEqual([1, 2, 3]);
  });
});

describe("the state of a training", () => {
  const settings = { batchSize: 4, samples: 10, dropLast: false, stream: "seed/training" };
  const begin = () => new TrainingState(1, 3, settings);

  test("restores the epoch, the batch and the time of the epoch", () => {
    const state = begin();
    state.nextEpoch();
    Object.assign(state, { batch: 2, learningRate: 0.5 });
    const saved = structuredClone(state.state()) as { position: Record<string, number> };
    saved.position.seconds = 100;
    const resumed = begin();
    resumed.restore(saved);
    expect(resumed).toMatchObject({ epoch: 2, batch: 2, learningRate: 0.5, seconds: 100 });
    resumed.startClock();
    expect(resumed.seconds).toBeGreaterThanOrEqual(100);
    resumed.nextEpoch();
    expect(resumed).toMatchObject({ epoch: 3, batch: 0, learningRate: 0.5, seconds: 0 });
  });

  test("refuses the state of a training with other settings, and an impossible position", () => {
    const saved = structuredClone(begin().state()) as { settings: object; position: object };
    for (const [changes, message] of [
      [{ settings: { ...settings, batchSize: 5 } }, "batchSize was 5 and is 4"],
      [{ settings: { ...settings, stream: "other" } }, 'stream was "other" and is "seed/training"'],
      [{ settings: undefined }, "samples was undefined and is 10"],
      [{ position: { ...saved.position, epoch: 0 } }, "checkpoint: not a place in a training"],
      [{ position: { ...saved.position, batch: 4 } }, "checkpoint: not a place in a training"],
      [{ position: { ...saved.position, seconds: Number.NaN } }, "checkpoint: not a place in a training"],
      [{ position: { ...saved.position, learningRate: "1" } }, "checkpoint: not a place in a training"],
      [{ position: null }, "checkpoint: not a place in a training"],
    ] as const) {
      const state = begin();
      expect(() => state.restore({ ...saved, ...changes })).toThrow(FormatError);
      expect(() => state.restore({ ...saved, ...changes })).toThrow(message);
      expect(state.state()).toEqual(saved);
    }
  });
});
