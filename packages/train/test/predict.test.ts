import { createRng, ones, ShapeError, tensor, variable, zeros } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { layerOutputs } from "@gradus/nn";
import { describe, expect, test, vi } from "vitest";
import { predict } from "../src/predict.ts";
import { predictor } from "../src/predictor.ts";
import { summary } from "../src/summary.ts";
import { bitsOf, layerOf, points, smallNet } from "./support.ts";

test("predict gives the same outputs for a tensor and a dataset, in batches of any size", () => {
  const net = smallNet();
  const data = points(7);
  const { inputs } = data.batch([0, 1, 2, 3, 4, 5, 6]);
  const whole = net.forward(inputs);
  for (const batchSize of [1, 2, 3, 7, 50]) {
    for (const source of [inputs, data]) {
      const out = predict(net, source, { batchSize });
      expect(out.shape).toEqual([7, 2]);
      expect(out.data).toEqual(whole.data);
    }
  }
  expect(predict(net, data).data).toEqual(whole.data);
});

test("predict keeps the order of a dataset's rows", () => {
  const data = new Dataset({ inputs: [0, 1, 2, 3], targets: [0, 1, 2, 3], rows: Uint32Array.of(3, 1, 0) });
  expect(
    predict(
      layerOf((x) => x),
      data,
      { batchSize: 2 },
    ).toArray(),
  ).toEqual([3, 1, 0]);
});

test("predict gives constants, draws nothing and changes nothing", () => {
  const net = smallNet();
  const before = bitsOf(net);
  const x = variable(createRng(1).normal([5, 2]));
  expect(predict(net, x).tracked).toBe(false);
  expect(bitsOf(net)).toEqual(before);
});

test("predict of no samples gives shape [0, ...outputs]", () => {
  expect(predict(smallNet(), zeros([0, 2])).shape).toEqual([0, 2]);
  expect(predict(smallNet(), points(3).take(0)).shape).toEqual([0, 2]);
});

test("predict accepts outputs of any rank, also of size 0", () => {
  expect(
    predict(
      layerOf((x) => x.sum({ axes: [1, 2] })),
      zeros([5, 2, 3]),
      { batchSize: 2 },
    ).shape,
  ).toEqual([5]);
  expect(
    predict(
      layerOf((x) => x.reshape({ shape: [x.shape[0], 3, 2, 1] })),
      zeros([5, 2, 3]),
    ).shape,
  ).toEqual([5, 3, 2, 1]);
  expect(
    predict(
      layerOf((x) => zeros([x.shape[0], 0])),
      zeros([5, 2]),
      { batchSize: 2 },
    ).shape,
  ).toEqual([5, 0]);
});

test("predict refuses a scalar, and nets that do not give one output per sample", () => {
  const net = smallNet();
  expect(() => predict(net, tensor(1))).toThrow("predict: a scalar is no list of samples");
  expect(() => predict(net, [[1, 2]] as never)).toThrow(
    "predict: needs a tensor [n, ...] or a Dataset, got [[1,2]]; tensor(values) makes one",
  );
  expect(() => predict(net, zeros([3, 2]), { batchSize: 0 })).toThrow("predict: batchSize must be");
  expect(() => predict(net, zeros([3, 2]), { size: 1 } as never)).toThrow(
    'predict: unknown option "size"; did you mean "batchSize"? It takes { batchSize }',
  );
  expect(() => predict({} as never, zeros([3, 2]))).toThrow("predict: a net is an object");
  expect(() => predict(net, zeros([3, 5]))).toThrow(ShapeError);
  expect(() =>
    predict(
      layerOf((x) => x.sum()),
      zeros([3, 2]),
    ),
  ).toThrow("predict: the net made [] of 3 samples");
  expect(() =>
    predict(
      layerOf((x) => x.flatten({ start: 0 })),
      zeros([3, 2]),
    ),
  ).toThrow("predict: the net made [6] of 3 samples; it must give one output for each, [n, ...]");
});

test("R1: a net that writes to a tensor does it once for each batch, though it cannot be compiled", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const calls = tensor([0]);
  const counting = layerOf((x) => {
    calls.assign([calls.item() + 1]);
    return x.mul(calls);
  });
  expect(predict(counting, ones([40, 1]), { batchSize: 20 }).toArray()).toEqual([
    ...new Array(20).fill([1]),
    ...new Array(20).fill([2]),
  ]);
  expect(calls.item()).toBe(2);
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

describe("K13: a net whose forward returns no tensor is refused by all that run it", () => {
  const x = ones([40, 2]);
  test.each([5, undefined, [1], Promise.resolve(1), { y: 1 }])("%o", (out) => {
    const net = { forward: () => out as never };
    const message = /: (the net's )?forward must return a tensor, got /;
    expect(() => predict(net, x)).toThrow(message);
    expect(() => predict(net, ones([2, 2]))).toThrow(message);
    expect(() => predictor(net)(x)).toThrow(message);
    expect(() => summary(net, [1, 2])).toThrow(message);
    expect(() => layerOutputs(net, x)).toThrow(message);
  });
});
