import { createRng, tensor } from "@gradus/core";
import { type Calls, describeExtraArguments, method } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as data from "../src/index.ts";

const rng = createRng("extra");
const dataset = () =>
  new data.Dataset({
    inputs: tensor([[1], [2], [3], [5]]),
    targets: new Uint8Array([0, 1, 0, 1]),
    classes: 2,
  });
const prepared = () => dataset().with({ transform: data.standardize(dataset()) });
const text = "a,b\n1,0\n2,1\n";
/** IDX: type u8, one axis of two elements. */
const idx = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 8]);
/** gzip of nothing (RFC 1952). */
const gzip = Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

const calls: Calls = {
  batches: () => [dataset(), 2, {}],
  csvDataset: () => [text, { inputs: ["a"], target: "b" }],
  Dataset: () => [{ inputs: tensor([[1], [2]]), targets: tensor([[1], [2]]) }],
  folds: () => [dataset(), 2, { rng }],
  fromRows: () => [[{ a: 1, b: 0 }], { inputs: ["a"], target: "b" }],
  gunzip: () => [gzip, { limit: 10 }],
  loadIdx: () => [idx, {}],
  minMax: () => [dataset(), {}],
  readCsv: () => [text, {}],
  readIdx: () => [idx],
  restorePreparation: () => [JSON.parse(JSON.stringify(prepared().preparation))],
  restoreTransform: () => [{ kind: "scale", factor: 2 }],
  scale: () => [2],
  xor: () => [{ rng }],
  spirals: () => [{ rng }],
  rings: () => [{ rng }],
  plane: () => [{ rng }],
  moons: () => [{ rng }],
  gaussians: () => [{ rng }],
  circles: () => [{ rng }],
  checkerboard: () => [{ rng }],
  bumps: () => [{ rng }],
  standardize: () => [dataset(), {}],
  windows: () => [tensor([1, 2, 3, 4]), { length: 2 }],
  "dataset.all": () => method(dataset(), "all")(),
  "dataset.batch": () => method(dataset(), "batch", [0])(),
  "dataset.select": () => method(dataset(), "select", [0])(),
  "dataset.shuffle": () => method(dataset(), "shuffle", rng)(),
  "dataset.slice": () => method(dataset(), "slice", 0, 1)(),
  "dataset.split": () => method(dataset(), "split", 0.5, rng)(),
  "dataset.splitInOrder": () => method(dataset(), "splitInOrder", 0.5)(),
  "dataset.take": () => method(dataset(), "take", 1)(),
  "dataset.with": () => method(dataset(), "with", { transform: undefined })(),
  "preparation.encode": () => method(prepared().preparation, "encode", [[1]])(),
  "preparation.decode": () => method(prepared().preparation, "decode", tensor([1, 2]))(),
};

const authors: Calls = {
  compose: () => [data.scale(2), data.scale(3)],
  checkLabels: () => [[0, 1], 2, "f"],
  "composed.run": () => [data.compose(data.scale(2)), new Float64Array(2), 1],
  "scaled.run": () => [data.scale(2), new Float64Array(2), 1],
  "transform.run": () => [(transform: never) => dataset().with({ transform }).all(), data.scale(2)],
};
describeHostile(data, { ...calls, ...authors });

describeExtraArguments(data, calls, {
  compose: "takes any number of transforms",
  Preparation: "made by dataset.preparation",
  checkLabels: "for authors of datasets; checks nothing",
});
