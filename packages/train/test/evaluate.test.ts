import {
  ArgumentError,
  bceWithLogits,
  createRng,
  crossEntropy,
  mse,
  ShapeError,
  type tensor,
} from "@gradus/core";
import { batches, Dataset } from "@gradus/data";
import { Dense, Flatten, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { evaluate } from "../src/evaluate.ts";
import { accuracy, binaryAccuracy } from "../src/metrics.ts";
import { bitsOf, layerOf, points, smallNet } from "./support.ts";

describe("evaluate", () => {
  test("weighs samples, not batches: any batch size gives the same means", () => {
    const net = smallNet();
    const data = points(11);
    const { inputs, targets } = data.batch(Array.from({ length: 11 }, (_, i) => i));
    const output = net.forward(inputs);
    const whole = { loss: crossEntropy(output, targets).item(), accuracy: accuracy(output, targets) / 11 };
    for (const batchSize of [1, 2, 3, 4, 7, 10, 11, 100, undefined]) {
      const found = evaluate(net, data, { loss: crossEntropy, ...(batchSize ? { batchSize } : {}) });
      expect(Object.keys(found)).toEqual(["loss", "accuracy"]);
      expect(found.accuracy).toBe(whole.accuracy);
      expect(found.loss).toBeCloseTo(whole.loss, 14);
    }
    const means = [...batches(data, 4)].map((b) => crossEntropy(net.forward(b.inputs), b.targets).item());
    expect(evaluate(net, data, { loss: crossEntropy, batchSize: 4 }).loss).not.toBeCloseTo(
      (means[0] + means[1] + means[2]) / 3,
      10,
    );
  });

  test("measures the given metrics, and nothing else", () => {
    const net = layerOf((x) => x);
    const data = new Dataset({ inputs: [1, -2, 3, -4, 5], targets: [1, 0, 0, 0, 1] });
    const metrics = { accuracy: binaryAccuracy(), largest: (output: { size: number }) => output.size };
    expect(evaluate(net, data, { loss: mse, metrics, batchSize: 2 })).toEqual({
      loss: (0 + 4 + 9 + 16 + 16) / 5,
      accuracy: 0.8,
      largest: 1,
    });
    expect(Object.keys(evaluate(net, data, { loss: mse }))).toEqual(["loss"]);
    expect(Object.keys(evaluate(smallNet(), points(3), { loss: crossEntropy, metrics: {} }))).toEqual([
      "loss",
    ]);
  });

  test("is in evaluation mode, draws nothing and changes nothing", () => {
    const net = smallNet();
    const before = bitsOf(net);
    const first = evaluate(net, points(9), { loss: crossEntropy, batchSize: 2 });
    expect(evaluate(net, points(9), { loss: crossEntropy, batchSize: 2 })).toEqual(first);
    expect(bitsOf(net)).toEqual(before);
    const modes: unknown[] = [];
    // A trial of two samples, then two batches.
    evaluate(
      layerOf((x, mode) => {
        modes.push(mode?.train ?? false);
        return x;
      }),
      points(3),
      { loss: mseOfSums, batchSize: 2 },
    );
    expect(modes).toEqual([false, false, false]);
  });

  test("K5: targets of the whole dataset that the loss does not take are refused, with the sample", () => {
    const net = layerOf((x) => x);
    const targets = Float64Array.from({ length: 40 }, (_, i) => (i === 33 ? 2 : 0));
    const data = new Dataset({ inputs: new Float64Array(40), inputShape: [1], targets, targetShape: [1] });
    expect(() => evaluate(net, data, { loss: bceWithLogits, batchSize: 4 })).toThrow(
      "evaluate: the target of sample 33 is 2, but bceWithLogits takes probabilities from 0 to 1",
    );
  });

  test("arguments after the options are refused", () => {
    expect(() => evaluate(smallNet(), points(3), { loss: crossEntropy }, 5 as never)).toThrow(
      "evaluate(net, dataset, options): takes nothing after options, got 5",
    );
  });

  test("refuses invalid nets, datasets and options", () => {
    const net = smallNet();
    const data = points(3);
    const loss = crossEntropy;
    expect(() => evaluate(null as never, data, { loss })).toThrow("evaluate: a net is an object");
    expect(() => evaluate(net, [1] as never, { loss })).toThrow("evaluate: needs a Dataset of @gradus/data");
    expect(() => evaluate(net, data.take(0), { loss })).toThrow("evaluate: the dataset is empty");
    expect(() => evaluate(net, data, {} as never)).toThrow("evaluate: loss must be a function");
    expect(() => evaluate(net, data, undefined as never)).toThrow("evaluate: needs an options object");
    expect(() => evaluate(net, data, { loss, batchsize: 3 } as never)).toThrow(
      'evaluate: unknown option "batchsize"; did you mean "batchSize"? It takes { loss, metrics, batchSize }',
    );
    for (const batchSize of [0, -1, 1.5, Number.NaN, Infinity]) {
      expect(() => evaluate(net, data, { loss, batchSize })).toThrow(ArgumentError);
    }
    expect(() => evaluate(net, data, { loss, metrics: { loss: accuracy } })).toThrow("cannot be named");
    expect(() => evaluate(net, data, { loss: (y, t) => crossEntropy(y, t, { reduction: "none" }) })).toThrow(
      ShapeError,
    );
    expect(() => evaluate(net, data, { loss: () => 3 as never })).toThrow("must be a tensor of one number");
    expect(() => evaluate(net, data, { loss: bceWithLogits })).toThrow(ShapeError);
  });

  test("returns NaN if the loss is NaN", () => {
    const data = new Dataset({ inputs: [1, 2], targets: [0, 0] });
    expect(
      evaluate(
        layerOf((x) => x.mul(Number.NaN)),
        data,
        { loss: mse },
      ),
    ).toEqual({ loss: Number.NaN });
  });

  test("works on nets that are not Sequential, with targets of any shape", () => {
    const net = new Sequential(new Flatten(), new Dense(4, 2, { rng: createRng(1) }));
    const data = new Dataset({
      inputs: createRng(2).normal([5, 2, 2]),
      targets: createRng(3).normal([5, 2]),
    });
    const all = data.batch([0, 1, 2, 3, 4]);
    expect(evaluate({ forward: (x) => net.forward(x) }, data, { loss: mse, batchSize: 5 }).loss).toBe(
      mse(net.forward(all.inputs), all.targets).item(),
    );
  });
});

const mseOfSums = (x: ReturnType<typeof tensor>) => x.square().mean();
