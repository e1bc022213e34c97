import {
  backward,
  createRng,
  crossEntropy,
  mse,
  ones,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "@gradus/core";
import { Dense, type Layer, SELU, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { type SnnReport, snnReport } from "../../src/snn-report.ts";
import { expectClose } from "../support.ts";

const rng = createRng("snn report");

const x = rng.normal([50, 20]);

describe("the gradients of a report", () => {
  const net = new Sequential(new Dense(20, 10, { rng }), new SELU(), new Dense(10, 3, { rng }));
  const expected = (loss: Tensor): number[] => {
    const gradients = backward(loss);
    return [0, 2].map((i) => {
      const { data } = gradients.of((net.layers[i] as Dense).weight);
      return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
    });
  };
  const normsOf = ({ layers }: SnnReport): (number | null)[] =>
    layers.map(({ gradientNorm }) => gradientNorm);
  const expectNorms = (actual: (number | null)[], norms: number[]): void =>
    norms.forEach((value, i) => {
      expectClose(actual[i] ?? Number.NaN, value, 1e-12);
    });

  test("are by default those of half the squared length of an output", () => {
    expectNorms(normsOf(snnReport(net, x)), expected(net.forward(x).square().sum().mul(0.01)));
  });

  test("are those of a loss with targets, or of the output alone", () => {
    const classes = tensor(Array.from({ length: 50 }, (_, i) => i % 3));
    expectNorms(
      normsOf(snnReport(net, x, { loss: crossEntropy, targets: classes })),
      expected(crossEntropy(net.forward(x), classes)),
    );
    const loss = (output: Tensor): Tensor => mse(output, ones([50, 3]));
    expectNorms(normsOf(snnReport(net, x, { loss })), expected(loss(net.forward(x))));
  });

  test("with respect to the activations, too: at the last layer those of the output", () => {
    const [hidden, last] = snnReport(net, x, { loss: (output) => output.sum() }).layers;
    expectClose(last.outputGradientNorm ?? Number.NaN, Math.sqrt(50 * 3), 1e-12);
    // All samples get the sums of the rows of the last weight.
    const { data } = (net.layers[2] as Dense).weight;
    let squares = 0;
    for (let i = 0; i < data.length; i += 3) squares += (data[i] + data[i + 1] + data[i + 2]) ** 2;
    expectClose(hidden.outputGradientNorm ?? Number.NaN, Math.sqrt(50 * squares), 1e-12);
  });

  test("are null where the loss does not depend on a layer", () => {
    const branch: Layer = { forward: () => variable(zeros([1, 2])) };
    const cut = new Sequential(new Dense(20, 10, { rng }), new SELU(), branch);
    expect(snnReport(cut, x, { loss: (output) => output.sum() }).layers[0].gradientNorm).toBe(null);
  });

  test("do not reach a batch that is a variable", () => {
    expect(snnReport(net, variable(x)).layers.length).toBe(2);
  });
});
