import { createRng, klDiv, logSoftmax, nll, sum, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, type Layer, LogSoftmax, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { evaluate, fit, type History, type Loss } from "../src/index.ts";
import { refuseLogits } from "../src/trial-outputs.ts";
import { rejection } from "./support.ts";

const rng = createRng("outputs");
const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const classes = new Dataset({ inputs, targets: [0, 1, 1, 0], classes: 2 });
const probabilities = new Dataset({
  inputs,
  targets: [
    [1, 0],
    [0, 1],
    [0, 1],
    [0.5, 0.5],
  ],
});

function train(net: Layer, data: Dataset, loss: Loss, compile = true): Promise<History> {
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
  return fit(net, data, { optimizer, loss, epochs: 1, batchSize: 2, rng, compile });
}

describe("K5: a loss of logarithms refuses outputs that are none, as it would fall without end:", () => {
  const logits = new Dense(2, 2, { rng });
  const start = "takes logarithms of probabilities, at most 0, but the outputs give it";

  test.each([true, false])("logits for nll, compile: %s", async (compile) => {
    const { message } = (await rejection(train(logits, classes, nll, compile))) as Error;
    expect(message).toContain(`fit: nll ${start}`);
    expect(message).toContain("end the net with new LogSoftmax(), or use crossEntropy, which takes logits");
    expect(() => evaluate(logits, classes, { loss: nll })).toThrow(`evaluate: nll ${start}`);
  });

  test("logits for klDiv, in a loss of one's own", async () => {
    const loss: Loss = (output, target) => klDiv(output.mul(2), target).mul(3);
    const { message } = (await rejection(train(logits, probabilities, loss))) as Error;
    expect(message).toContain(`fit: klDiv ${start}`);
    expect(message).toMatch(/new LogSoftmax\(\)$/);
  });

  test.each([
    ["one class above 0", [[0.25, -3]], "give it 0.25:"],
    ["all below 0, with a sum above 1", [[-0.5, -0.5]], "give it probabilities with the sum 1.21306:"],
    ["of one sample without a batch axis", [-0.5, -0.5], "give it probabilities with the sum 1.21306:"],
  ])("%s", (_, x, shown) => {
    expect(() => refuseLogits("fit", [{ loss: "nll", x: tensor(x) }])).toThrow(shown);
  });
});

describe("K5: logarithms of probabilities are taken", () => {
  test("from the net, and from the loss", async () => {
    const net = new Sequential(new Dense(2, 2, { rng }), new LogSoftmax());
    expect((await train(net, classes, nll)).epochs).toHaveLength(1);
    expect((await train(net, probabilities, klDiv)).epochs).toHaveLength(1);
    const loss: Loss = (output, target) => nll(logSoftmax(output, { axis: 1 }), target);
    expect((await train(new Dense(2, 2, { rng }), classes, loss)).epochs).toHaveLength(1);
  });

  test("also with further axes, where the sum is over the classes alone", () => {
    const x = logSoftmax(rng.normal([3, 4, 5]), { axis: 1 });
    refuseLogits("fit", [{ loss: "nll", x }]);
    expect(sum(x.exp()).item()).toBeCloseTo(15, 12);
  });

  test("if they are no outputs of the net, as in reinforcement learning", async () => {
    const fixed = tensor([
      [3, 1],
      [3, 1],
    ]);
    const loss = (output: Tensor, target: Tensor): Tensor => output.square().mean().add(nll(fixed, target));
    expect((await train(new Dense(2, 2, { rng }), classes, loss)).epochs).toHaveLength(1);
  });
});
