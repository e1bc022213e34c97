import {
  ArgumentError,
  add,
  createRng,
  crossEntropy,
  GradusError,
  mse,
  ones,
  ShapeError,
  selu,
  type Tensor,
  zeros,
} from "@gradus/core";
import { Dense, type Layer, SELU, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { type SnnReportOptions, snnReport } from "../../src/snn-report.ts";

const rng = createRng("snn report");

const x = rng.normal([50, 20]);

describe("snnReport refuses", () => {
  const net = new Sequential(new Dense(20, 10, { rng }), new SELU());
  test.each<[string, unknown, unknown, unknown, new (message: string) => GradusError, string]>([
    ["an empty batch", net, zeros([0, 20]), {}, ArgumentError, "snnReport: the batch is empty, shape [0,20]"],
    [
      "one sample without a batch axis",
      net,
      zeros([20]),
      {},
      ShapeError,
      "must be [N, ...], got [20]; one sample is",
    ],
    [
      "another number of features",
      net,
      zeros([3, 21]),
      {},
      ShapeError,
      "Dense(20, 10): expects an input [..., 20]",
    ],
    [
      "what is no tensor",
      net,
      [[1]],
      {},
      ArgumentError,
      "snnReport: the batch must be a tensor [N, ...], got",
    ],
    ["what is no net", selu, x, {}, ArgumentError, "snnReport: a net is an object with a forward method"],
    ["nothing", undefined, x, {}, ArgumentError, "snnReport: a net is an object"],
    [
      "a net without Dense or convolution layers",
      new SELU(),
      x,
      {},
      ArgumentError,
      "the net has no Dense or convolution layer to report on",
    ],
    [
      "unknown options",
      net,
      x,
      { target: x },
      ArgumentError,
      'snnReport: unknown option "target"; did you mean "targets"? It takes { loss, targets }',
    ],
    [
      "options that are none",
      net,
      x,
      null,
      ArgumentError,
      "needs an options object { loss, targets }, got null",
    ],
    ["a loss that is no function", net, x, { loss: "mse" }, ArgumentError, "loss must be a function"],
    ["targets without a loss", net, x, { targets: x }, ArgumentError, "targets are of no use without a loss"],
    [
      "targets that are no tensor",
      net,
      x,
      { loss: mse, targets: [1] },
      ArgumentError,
      "targets must be a tensor",
    ],
    [
      "a loss of many numbers",
      net,
      x,
      { loss: (output: Tensor) => output },
      ArgumentError,
      "loss must give a single number, got a tensor of shape [50,10]",
    ],
    [
      "a loss that is no tensor",
      net,
      x,
      { loss: () => 1 },
      ArgumentError,
      "loss must give a single number, got 1",
    ],
    [
      "a loss of nothing",
      net,
      x,
      { loss: () => ones([]) },
      ArgumentError,
      "does not depend on the net's output",
    ],
  ])("%s", (_, badNet, batch, options, type, message) => {
    const call = (): unknown => snnReport(badNet as Layer, batch as Tensor, options as SnnReportOptions);
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  test("a batch that is not finite, naming the sample", () => {
    const bad = add(x, 0);
    bad.data[3 * 20 + 5] = Number.NaN;
    expect(() => snnReport(net, bad)).toThrow("snnReport: sample 3 of the batch holds NaN");
  });

  test("at compile time: a loss of two arguments without targets", () => {
    // @ts-expect-error crossEntropy needs targets
    expect(() => snnReport(net, x, { loss: crossEntropy })).toThrow(GradusError);
  });
});
