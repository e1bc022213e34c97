import { crossEntropy, tensor } from "@gradus/core";
import { type Calls, describeExtraArguments, method } from "../../core/test/extra-arguments.ts";
import * as train from "../src/index.ts";
import * as node from "../src/node/index.ts";
import { optionsFor, points, smallNet } from "./support.ts";

const net = smallNet();
const loss = crossEntropy;
/** Its names are free: they are no options. */
const parts = () => Object.assign(Object.create(null), { net: smallNet() });
const [output, targets] = [tensor([[1, 2]]), tensor([1])];

const calls: Calls = {
  auc: () => [{}],
  binaryAccuracy: () => [{}],
  classAccuracy: () => [{}],
  confusionMatrix: () => [{}],
  earlyStopping: () => [{}],
  evaluate: () => [net, points(4), { loss }],
  f1: () => [{}],
  fit: () => {
    const trained = smallNet();
    return [trained, points(4), { ...optionsFor(trained, { epochs: 1 }) }];
  },
  History: () => [{ epochs: [] }],
  learningRateLog: () => [],
  loadCheckpoint: () => [parts(), train.saveCheckpoint(parts())],
  precision: () => [{}],
  predict: () => [net, points(4), {}],
  predictor: () => [net],
  recall: () => [{}],
  saveCheckpoint: () => [parts()],
  summary: () => [net, [2]],
  topKAccuracy: () => [{}],
  "metrics.accuracy": () => method(train, "accuracy", output, targets)(),
  "metrics.binaryAccuracy": () =>
    method({ binaryAccuracy: train.binaryAccuracy() }, "binaryAccuracy", output, output)(),
  "metrics.topKAccuracy": () =>
    method({ topKAccuracy: train.topKAccuracy({ k: 1 }) }, "topKAccuracy", output, targets)(),
  "history.best": () => {
    const history = new train.History({
      epochs: [{ epoch: 1, loss: 1, learningRate: 0.1, seconds: 1 }],
    });
    return method(history, "best", "loss", "min")();
  },
};

describeExtraArguments(train, calls, {
  accuracy: "a metric: see metrics.accuracy",
  DivergenceError: "an Error",
  indexedDbStore: "needs a browser",
  StorageError: "an Error",
  TrainingNumericsError: "an Error",
});

describeExtraArguments(node, {
  csvLog: () => ["extra.csv", {}],
  progressBar: () => [{}],
}, { writeFileAtomically: "writes a file: see its own test" }); // biome-ignore format: as the other calls
