import * as core from "@gradus/core";
import * as testing from "@gradus/core/testing";
import { watch } from "@gradus/core/watch";
import * as data from "@gradus/data";
import * as files from "@gradus/data/node";
import * as io from "@gradus/io";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import * as snn from "@gradus/snn";
import * as train from "@gradus/train";
import * as callbacks from "@gradus/train/node";
import { describe, expect, test } from "vitest";
import { planeSets } from "./plane-sets.ts";
import { takers } from "./takers.ts";

const { tensor, variable, createRng } = core;
const rng = createRng("options");
const x = variable(tensor([1, 2]));
const dataset = new data.Dataset({ inputs: [[1], [2]], targets: [0, 1] });
const bytes = Uint8Array.of(0x1f, 0x8b, 8);
const net = new nn.Sequential(new nn.Dense(1, 2, { rng }));
const attention = new nn.MultiHeadAttention(2, 1, { rng });
const moments: snn.Moments = { mean: 0, variance: 1 };
const recurrent = (): nn.GRU => new nn.GRU(1, 1, { rng });
const parameters: core.NamedParameter[] = [["x", new core.Parameter([1])]];

/** Every function, class and method that takes options, called with nothing else wrong. */
const calls: Readonly<Record<string, (options: never) => unknown>> = {
  backward: (options) => core.backward(x.sum(), options),
  "Rng.uniform": (options) => rng.uniform([2], options),
  "Rng.normal": (options) => rng.normal([2], options),
  gradcheck: (options) => testing.gradcheck((y) => y.exp(), [x], options),
  gradgradcheck: (options) => testing.gradgradcheck((y) => y.exp(), [x], options),
  watch: (options) => watch(() => 1, options),
  "Trace.toString": (options) => watch(() => 1).toString(options),

  ...planeSets,
  batches: (options) => data.batches(dataset, 1, options),
  csvDataset: (options) => data.csvDataset("a,b\n1,2\n", options),
  readCsv: (options) => data.readCsv("a,b\n1,2\n", options),
  Dataset: (options) => new data.Dataset(options),
  "Dataset.with": (options) => dataset.with(options),
  fromRows: (options) => data.fromRows([{ a: 1, b: 2 }], options),
  folds: (options) => data.folds(dataset, 2, options),
  minMax: (options) => data.minMax(dataset, options),
  windows: (options) => data.windows([1, 2, 3], options),
  gunzip: (options) => data.gunzip(bytes, options),
  loadIdx: (options) => data.loadIdx(bytes, options),
  standardize: (options) => data.standardize(dataset, options),
  loadMnist: (options) => files.loadMnist(options),
  readIdxFile: (options) => files.readIdxFile("no such file", options),

  Optimizer: (options) => new optim.Optimizer(rule, parameters, options),
  SGD: (options) => new optim.SGD(parameters, options),
  Adam: (options) => new optim.Adam(parameters, options),
  AdamW: (options) => new optim.AdamW(parameters, options),
  RMSprop: (options) => new optim.RMSprop(parameters, options),
  Adagrad: (options) => new optim.Adagrad(parameters, options),
  Adadelta: (options) => new optim.Adadelta(parameters, options),
  Adamax: (options) => new optim.Adamax(parameters, options),
  NAdam: (options) => new optim.NAdam(parameters, options),
  RAdam: (options) => new optim.RAdam(parameters, options),
  Plateau: (options) => new optim.Plateau(0.1, options),
  clipByNorm: (options) => optim.clipByNorm(core.backward(x.sum()), 1, options),
  clipByGlobalNorm: (options) => optim.clipByGlobalNorm(core.backward(x.sum()), 1, options),
  globalNorm: (options) => optim.globalNorm(core.backward(x.sum()), options),
  cosineDecay: (options) => optim.cosineDecay(0.1, options),
  exponentialDecay: (options) => optim.exponentialDecay(0.1, options),
  inverseTimeDecay: (options) => optim.inverseTimeDecay(0.1, options),
  linearDecay: (options) => optim.linearDecay(0.1, options),
  multiStepDecay: (options) => optim.multiStepDecay(0.1, options),
  oneCycle: (options) => optim.oneCycle(0.1, options),
  polynomialDecay: (options) => optim.polynomialDecay(0.1, options),
  stepDecay: (options) => optim.stepDecay(0.1, options),

  normal: (options) => nn.normal(options),
  uniform: (options) => nn.uniform(options),
  AlphaDropout: (options) => new nn.AlphaDropout(0.1, options),
  AvgPool1d: (options) => new nn.AvgPool1d(2, options),
  AvgPool2d: (options) => new nn.AvgPool2d(2, options),
  MaxPool1d: (options) => new nn.MaxPool1d(2, options),
  MaxPool2d: (options) => new nn.MaxPool2d(2, options),
  Conv1d: (options) => new nn.Conv1d(1, 2, 3, options),
  Conv2d: (options) => new nn.Conv2d(1, 2, 3, options),
  ConvTranspose2d: (options) => new nn.ConvTranspose2d(1, 2, 3, options),
  BatchNorm: (options) => new nn.BatchNorm(2, options),
  CELU: (options) => new nn.CELU(options),
  Softplus: (options) => new nn.Softplus(options),
  Dense: (options) => new nn.Dense(1, 2, options),
  ELU: (options) => new nn.ELU(options),
  Embedding: (options) => new nn.Embedding(2, 2, options),
  FeatureAlphaDropout: (options) => new nn.FeatureAlphaDropout(0.1, options),
  GELU: (options) => new nn.GELU(options),
  Hardtanh: (options) => new nn.Hardtanh(options),
  GRU: (options) => new nn.GRU(2, 2, options),
  LSTM: (options) => new nn.LSTM(2, 2, options),
  SimpleRNN: (options) => new nn.SimpleRNN(2, 2, options),
  "Recurrent.run": (options) => (recurrent() as nn.Recurrent).run(core.ones([1, 1, 1]), options),
  "GRU.run": (options) => recurrent().run(core.ones([1, 1, 1]), options),
  "LSTM.run": (options) => new nn.LSTM(1, 1, { rng }).run(core.ones([1, 1, 1]), options),
  "SimpleRNN.run": (options) => new nn.SimpleRNN(1, 1, { rng }).run(core.ones([1, 1, 1]), options),
  "Bidirectional.run": (options) =>
    new nn.Bidirectional(recurrent(), recurrent()).run(core.ones([1, 1, 1]), options),
  GroupNorm: (options) => new nn.GroupNorm(1, 2, options),
  LayerNorm: (options) => new nn.LayerNorm(2, options),
  LearnedPositions: (options) => new nn.LearnedPositions(2, 2, options),
  MultiHeadAttention: (options) => new nn.MultiHeadAttention(2, 1, options),
  "MultiHeadAttention.forward": (options) => attention.forward(core.ones([1, 2, 2]), undefined, options),
  "MultiHeadAttention.weights": (options) => attention.weights(core.ones([1, 2, 2]), options),
  TransformerBlock: (options) => new nn.TransformerBlock(2, 1, options),
  "TransformerBlock.forward": (options) =>
    new nn.TransformerBlock(2, 1, { rng }).forward(core.ones([1, 2, 2]), undefined, options),
  LeakyReLU: (options) => new nn.LeakyReLU(options),
  LogSoftmax: (options) => new nn.LogSoftmax(options),
  PReLU: (options) => new nn.PReLU(1, options),
  RReLU: (options) => new nn.RReLU(options),
  Softmax: (options) => new nn.Softmax(options),
  orthogonal: (options) => nn.orthogonal(options),
  runningAverage: (options) => nn.runningAverage(tensor([1]), options),

  activationMoments: (options) => snn.activationMoments((z) => z, moments, { sum: 0, squareSum: 1 }, options),
  fixedPoint: (options) => snn.fixedPoint((m) => m, options),
  snnReport: (options) => snn.snnReport(net, tensor([[1], [2]]), options),

  auc: (options) => train.auc(options),
  binaryAccuracy: (options) => train.binaryAccuracy(options),
  classAccuracy: (options) => train.classAccuracy(options),
  confusionMatrix: (options) => train.confusionMatrix(options),
  f1: (options) => train.f1(options),
  precision: (options) => train.precision(options),
  recall: (options) => train.recall(options),
  topKAccuracy: (options) => train.topKAccuracy(options),
  csvLog: (options) => callbacks.csvLog("no such file", options),
  earlyStopping: (options) => train.earlyStopping(options),
  evaluate: (options) => train.evaluate(net, dataset, options),
  fit: (options) => train.fit(net, dataset, options),
  predict: (options) => train.predict(net, dataset, options),
  progressBar: (options) => callbacks.progressBar(options),
  loadWeights: (options) => io.loadWeights(net, io.saveWeights(net), options),
  saveWeights: (options) => io.saveWeights(net, options),
  writeSafetensors: (options) => io.writeSafetensors([], options),
};

const rule: optim.OptimizerRule<optim.Hyperparameters> = {
  name: "Still",
  defaults: {
    torch: { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false },
    keras: { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false },
  },
  ranges: { learningRate: optim.rate },
  slots: () => [],
  update: () => {},
};

/** Objects that are no options, by the name of their type. */
const others: Readonly<Record<string, string>> = {
  BatchLog: "what a step of training was like",
  Cell: "the parameters of a layer",
  CellKind: "the declaration of a recurrent layer",
  DerivedSpec: "the declaration of an op",
  Domain: "part of the sample of an op",
  EpochLog: "what an epoch of training was like",
  GradientSource: "what backward gave",
  Header: "what a file says of itself",
  HistoryData: "what training was like",
  Layer: "a net",
  Moments: "a mean and a variance",
  NumericsFault: "what the trap found",
  OpSpec: "the declaration of an op",
  OptimizerState: "what state() gave; restore() refuses anything else",
  PlateauState: "what state() gave; restore() refuses anything else",
  Range: "the declaration of a range",
  PreparationDescription: "what toJSON gave; restorePreparation refuses anything else",
  DatasetParts: "the parts of a dataset; users call new Dataset",
  TargetPreparation: "the parts of a preparation; users call dataset.preparation",
  PreparationParts: "a dataset; users call dataset.preparation",
  ProductSizes: "the sizes of a product",
  RngState: "what state() gave; restore() refuses anything else",
  Rule: "the declaration of an optimizer",
  Sample: "the sample of an op",
  SeluParameters: "α and λ",
  SnnReportData: "what snnReport measured",
  Table: "what readCsv gave",
  TensorOptions: "internal",
  TestRunner: "an implementation",
  TraceData: "what watch saw",
  UpdateSpec: "the declaration of an update",
  WeightMoments: "sums of weights",
};

/** Parameters of types without a name that are no options. */
const otherParameters: readonly RegExp[] = [
  /^(check|checkOptions|resolveOptions|show|notTensor|tagOf) /, // what options are checked with
  /^storageError cause$/, // an error that was caught
  /^restoreTransform description$/, // restoreTransform refuses what is no description
  /^History\.restore state$/,
  /^Tensor options$/, // internal: users call tensor
  /^(\w+\.forward _?mode|layerOutputs mode|trainingRng mode)$/, // trainingRng refuses what is no mode
];

describe("an option that does not exist is refused by", () => {
  test.each(Object.keys(calls))("%s", async (name) => {
    const call = async (): Promise<unknown> => calls[name]({ noSuchOption: 1 } as never);
    const error: unknown = await call().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(core.ArgumentError);
    expect((error as Error).message).toMatch(
      /^.+: unknown option "noSuchOption"; it takes \{ \w+(, \w+)* \}$/,
    );
  });

  test("a group of an optimizer", () => {
    expect(() => new optim.SGD([{ parameters, noSuchOption: 1 } as never])).toThrow(
      /^SGD, group 0: unknown option "noSuchOption"; it takes \{ learningRate, /,
    );
  });

  test("clip", () => {
    expect(() => new optim.SGD(parameters, { clip: { noSuchOption: 1 } as never })).toThrow(
      "SGD: clip must be one of { value }, { norm }, { globalNorm }, got { noSuchOption }",
    );
  });
});

test("no exported function, class or method that takes options is left out", () => {
  const known = new Set(Object.keys(calls));
  const forgotten = takers().filter(
    ({ name, parameter, type }) =>
      !known.has(name) &&
      !Object.hasOwn(others, type) &&
      !otherParameters.some((other) => other.test(`${name} ${parameter}`)),
  );
  expect(forgotten).toEqual([]);
});

describe("a param that does not exist is refused by the op", () => {
  const registries = Object.entries({ ...core.ops, ...nn.layerOps }) as [
    string,
    (...args: unknown[]) => unknown,
  ][];
  test.each(registries)("%s", (name, op) => {
    const { spec } = op as unknown as { spec: { vjp?: unknown[]; arity?: number; list?: true } };
    const inputs = Array.from({ length: spec.vjp?.length ?? spec.arity ?? 0 }, () => 1);
    const call = (): unknown => op(...(spec.list ? [inputs] : inputs), { noSuchParam: 1 });
    expect(call).toThrow(new RegExp(`^${name}: unknown param "noSuchParam"; it takes \\{( .* )?\\}$`));
  });
});
