import * as core from "@gradus/core";
import * as data from "@gradus/data";
import * as io from "@gradus/io";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import { type FitOptions, fit, type History, predict } from "@gradus/train";
import { describe, expect, test } from "vitest";

// The calls as they were found, which TypeScript refuses and JavaScript, JSON and ports from Python make.

const { tensor, zeros } = core;
const rng = core.createRng("as found");
const dataset = new data.Dataset({ inputs: [[0], [1]], targets: [[0], [1]] });
const parameters = core.variable(tensor([1])).sum();
const any = (value: unknown): never => value as never;

describe("U3: an option that nobody knows is refused, with the name that was meant:", () => {
  test.each<[string, () => unknown, string]>([
    [
      "batches",
      () => data.batches(dataset, 1, any({ shuffle: true })),
      'unknown option "shuffle"; did you mean "rng"?',
    ],
    [
      "LeakyReLU",
      () => new nn.LeakyReLU(any({ alpha: 0.3 })),
      'unknown option "alpha"; did you mean "slope"?',
    ],
    ["LeakyReLU of a number", () => new nn.LeakyReLU(any(0.3)), "needs an options object { slope }, got 0.3"],
    ["ELU of a number", () => new nn.ELU(any(0.5)), "needs an options object { alpha }, got 0.5"],
    ["PReLU", () => new nn.PReLU(4, any({ alpha: 0.1 })), 'unknown option "alpha"; it takes { init }'],
    ["GELU of a text", () => new nn.GELU(any("tanh")), 'needs an options object { approximate }, got "tanh"'],
    ["Softmax", () => new nn.Softmax(any({ dim: 1 })), 'unknown option "dim"; did you mean "axis"?'],
    [
      "LayerNorm",
      () => new nn.LayerNorm(8, any({ eps: 1 })),
      'unknown option "eps"; did you mean "epsilon"?',
    ],
    [
      "BatchNorm",
      () => new nn.BatchNorm(8, any({ eps: 1 })),
      'unknown option "eps"; did you mean "epsilon"?',
    ],
    ["Embedding", () => new nn.Embedding(3, 2, any({ rng, paddingIdx: 0 })), 'unknown option "paddingIdx"'],
    [
      "Dense",
      () => new nn.Dense(2, 2, any({ rng, useBias: false })),
      'unknown option "useBias"; did you mean "bias"?',
    ],
    ["rng.normal", () => rng.normal([2], any({ stdev: 2 })), 'unknown option "stdev"; did you mean "std"?'],
    [
      "rng.uniform",
      () => rng.uniform([2], any({ min: 0, max: 1 })),
      'unknown option "min"; did you mean "low"?',
    ],
    ["standardize", () => data.standardize(dataset, any({ axis: 0 })), 'unknown option "axis"'],
    [
      "readCsv",
      () => data.readCsv("a\n1\n", any({ separator: ";" })),
      'unknown option "separator"; did you mean "delimiter"?',
    ],
    [
      "saveWeights",
      () => io.saveWeights({}, any({ format: "torch" })),
      'unknown option "format"; leave it out: the format is safetensors',
    ],
    [
      "backward",
      () => core.backward(parameters, any({ retainGraph: true })),
      'unknown option "retainGraph"; leave it out',
    ],
    [
      "Dataset",
      () => new data.Dataset(any({ inputs: [[1]], targets: [1], labels: [1] })),
      'unknown option "labels"; did you mean "targets"?',
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(core.ArgumentError);
    expect(call).toThrow(message);
  });
});

function train(changes: object): Promise<History> {
  const net = new nn.Dense(1, 1, { rng });
  const optimizer = new optim.SGD(nn.namedParameters(net), { learningRate: 0.1 });
  const options: FitOptions = { optimizer, loss: core.mse, epochs: 1, batchSize: 2, rng };
  return fit(net, dataset, { ...options, ...changes });
}

test.each([
  [{ validationSplit: 0.1 }, "dataset.split(0.8, rng)"],
  [{ verbose: 1 }, "callbacks: [progressBar()]"],
  [{ lr: 0.1 }, "new Adam(namedParameters(net), { learningRate: 0.001 })"],
])("U3: fit with %o says the way out", async (changes, way) => {
  await expect(train(changes)).rejects.toThrow(way);
});

describe("K13, U11: in place of a tensor, a function or a layer:", () => {
  const net = new nn.Sequential(new nn.Dense(2, 3, { rng }));
  test.each<[string, () => unknown, string]>([
    [
      "an array",
      () => net.forward(any([[0, 1]])),
      "forward takes a tensor, got [[0,1]]; tensor(array) makes one",
    ],
    [
      "a Float32Array",
      () => net.forward(any(new Float32Array(2))),
      "forward takes a tensor, got Float32Array",
    ],
    ["an array for predict", () => predict(net, any([[0, 1]])), "got [[0,1]]; tensor(values) makes one"],
    [
      "relu",
      () => new nn.Dense(2, 3, { rng, activation: any("relu") }),
      "did you mean the function relu, without quotes?",
    ],
    [
      "he_normal",
      () => new nn.Dense(2, 3, { rng, init: any("he_normal") }),
      "did you mean the function heNormal, without quotes?",
    ],
    ["an array of layers", () => new nn.Sequential(any([new nn.ReLU()])), "new Sequential(...layers)"],
    [
      "x and y",
      () => new data.Dataset(any({ x: [[1]], y: [1] })),
      'unknown option "x"; did you mean "inputs"?',
    ],
    [
      "a tensor of class weights",
      () => core.crossEntropy(zeros([1, 2]), tensor([0]), { classWeights: any(tensor([1, 2])) }),
      "classWeights must be an array of numbers such as [1, 3], got Tensor; use Array.from(weights.data)",
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(core.ArgumentError);
    expect(call).toThrow(message);
  });
});

test.each<[string, () => unknown]>([
  ["zeros", () => zeros([1e5, 1e5])],
  ["Dense\\(1000000, 1000000\\): rng.normal", () => new nn.Dense(1e6, 1e6, { rng })],
  ["Embedding\\(1000000, 1000000\\): rng.normal", () => new nn.Embedding(1e6, 1e6, { rng })],
  ["add", () => zeros([1e5, 1]).add(zeros([1, 1e5]))],
  ["outer", () => core.outer(zeros([1e5]), zeros([1e5]))],
])("K13, R12: %s names the shape that is too large and its bytes", (who, call) => {
  expect(call).toThrow(core.ShapeError);
  expect(call).toThrow(
    new RegExp(`^${who}.*: shape \\[1\\d+,1\\d+\\] takes 80+ bytes: more than this machine gives$`),
  );
});

test("R15: a hole in the list of callbacks is named", async () => {
  await expect(train({ callbacks: Array(1) })).rejects.toThrow(
    "fit: callback 0, undefined, has none of onTrainBegin",
  );
});
