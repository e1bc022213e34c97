import * as core from "@gradus/core";
import { Dataset } from "@gradus/data";
import { ReLU, Sequential } from "@gradus/nn";
import * as optim from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { LOSSES, OPTIMIZERS } from "../src/checks.ts";
import { evaluate, fit } from "../src/index.ts";
import { optionsFor, points, rejection, smallNet } from "./support.ts";

/** The message with which fit refuses these arguments. */
async function refusal(
  changes: object,
  data: unknown = points(4),
  net: unknown = smallNet(),
): Promise<string> {
  const options = { ...optionsFor(smallNet()), ...changes };
  return ((await rejection(fit(net as never, data as never, options))) as Error).message;
}

describe("U3, U11: fit says what was given and the way out, for", () => {
  test.each([
    ["mse", "mse"],
    ["categoricalCrossentropy", "crossEntropy"],
    ["sparse_categorical_crossentropy", "crossEntropy"],
    ["binary_crossentropy", "bceWithLogits"],
    ["meanSquaredError", "mse"],
    ["mae", "l1"],
    ["crossEntropyLoss", "crossEntropy"],
  ])("the loss %s as text", async (loss, meant) => {
    const message = `got "${loss}"; did you mean the function ${meant}, without quotes?`;
    expect(await refusal({ loss })).toBe(
      `fit: loss must be a function (output, targets) => Tensor such as crossEntropy, ${message}`,
    );
    expect(() => evaluate(smallNet(), points(4), { loss: loss as never })).toThrow(message);
  });

  test.each([
    ["adam", '"adam"', "Adam"],
    ["rmsprop", '"rmsprop"', "RMSprop"],
    [optim.SGD, "class SGD", "SGD"],
  ])("an optimizer as text or as a class: %s", async (optimizer, shown, meant) => {
    expect(await refusal({ optimizer })).toMatch(
      `, got ${shown}; make one: new ${meant}(namedParameters(net))`,
    );
  });

  test("inputs and targets in place of a dataset: fit(net, x, y)", async () => {
    const make = "make one of inputs and targets: new Dataset({ inputs: x, targets: y })";
    const x = core.tensor([[1, 2]]);
    expect(await refusal({}, x)).toBe(`fit: needs a Dataset of @gradus/data, got Tensor; ${make}`);
    expect(await refusal({}, [[1, 2]])).toMatch(`got [[1,2]]; ${make}`);
    expect(await refusal({}, Float32Array.of(1))).toMatch("got Float32Array; make one of inputs and targets");
    expect(await refusal({}, { inputs: x, targets: x })).toMatch(
      "got Object; make one: new Dataset({ inputs, targets })",
    );
    expect(await refusal({}, new Map())).toMatch("got Map; pass the dataset itself and the option batchSize");
    expect(await refusal({ validation: 0.2 })).toBe(
      "fit: validation: needs a Dataset of @gradus/data, got 0.2; dataset.split(0.8, rng) divides one into two parts",
    );
    expect(() => evaluate(smallNet(), x as never, { loss: core.mse })).toThrow(
      `evaluate: needs a Dataset of`,
    );
  });

  test("a class, a function or a list in place of a net", async () => {
    const start = "fit: a net is an object with a forward method, got";
    expect(await refusal({}, points(4), ReLU)).toBe(`${start} class ReLU; make one: new ReLU(…)`);
    const sequential = "new Sequential(…) makes one of layers and functions";
    expect(await refusal({}, points(4), [new ReLU()])).toBe(`${start} [ReLU]; ${sequential}`);
    expect(await refusal({}, points(4), core.selu)).toMatch(sequential);
    expect(await refusal({}, points(4), Sequential)).toMatch("class Sequential; make one: new Sequential(…)");
  });

  test("x and y, or labels, as options of Dataset", () => {
    expect(() => new Dataset({ x: [[1]], y: [1] } as never)).toThrow(
      'unknown option "x"; did you mean "inputs"?',
    );
    expect(() => new Dataset({ inputs: [[1]], y: [1] } as never)).toThrow('"y"; did you mean "targets"?');
    expect(() => new Dataset({ inputs: [[1]], labels: [1] } as never)).toThrow(
      '"labels"; did you mean "targets"?',
    );
  });

  test("the suggested names exist", () => {
    for (const name of LOSSES) expect({ ...core.ops }[name as never], name).toBeTypeOf("function");
    for (const name of OPTIMIZERS) expect({ ...optim }[name as never], name).toBeTypeOf("function");
  });
});
