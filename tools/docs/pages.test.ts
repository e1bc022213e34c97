import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@gradus/core";
import * as data from "@gradus/data";
import * as engine from "@gradus/engine";
import * as io from "@gradus/io";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import * as snn from "@gradus/snn";
import * as train from "@gradus/train";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
/** A page as one line, so that a sentence is found wherever it is broken. */
const prose = (path: string): string => read(path).replace(/\s+/g, " ");
const readme = prose("README.md");
const names = [core, data, engine, io, nn, optim, snn, train].flatMap((module) => Object.keys(module));

describe("H9: the page for PyTorch's users", () => {
  const page = prose("docs/coming-from-pytorch.md");

  test("sends those who look for state_dict to saveWeights", () => {
    expect(page).toMatch(/`net\.state_dict\(\)` \| `namedTensors\(net\)` \| [^|]*`saveWeights\(net\)`/);
    expect(page).not.toMatch(/no file format/);
  });

  test.each([
    "A scalar has no axes.",
    "stays at `minimum` afterwards; PyTorch's rate rises again",
    "Negative class weights are errors.",
    "The gradient of `relu` at NaN is 0.",
  ])("says: %s", (sentence) => expect(page).toContain(sentence));
});

test("H10: what a page promises of the time of readers is for a size, which the fuzzer uses too", () => {
  const promise = /within (\d+) ms for a file of up to (\d+) kB \((\d+) MB unpacked\)/;
  const [, ms, kB, MB] = promise.exec(prose("docs/reliability.md")) ?? [];
  const judge = read("tools/fuzz/judge.ts");
  expect(judge).toContain(`MOST_MS = ${ms}`);
  expect([kB, MB]).toEqual(["10", "1"]);
  for (const path of ["README.md", "docs/reliability.md", "docs/data.md", "packages/data/README.md"]) {
    const promises = [...prose(path).matchAll(/[^.|]*[Rr]eader[^.|]* (?:within|in) \d+ ms[^.|]*/g)];
    expect(promises.filter(([sentence]) => !/ kB| MB/.test(sentence)).map(([sentence]) => sentence)).toEqual(
      [],
    );
  }
});

test("U7: README and CONTRIBUTING say how to run without a network", () => {
  const offline = "npx --offline -y pnpm@12";
  expect(read("README.md")).toContain(`${offline} test`);
  expect(read("CONTRIBUTING.md")).toContain(offline);
});

describe("U12: who begins", () => {
  const first = readme.slice(0, readme.indexOf("## Try it"));

  test("finds a program of a few lines without files, and its words explained", () => {
    const [, program] = /```ts (.*?)```/.exec(first) ?? [];
    expect(program).toContain("fit(net, xor");
    expect(program).not.toMatch(/mnist|node|SELU|LeCun/i);
    for (const word of ["tensor", "net", "loss", "Automatic differentiation", "optimizer", "epochs"]) {
      expect(first).toContain(`*${word}*`);
    }
  });

  test("finds the words of the second program explained", () => {
    const use = readme.slice(readme.indexOf("## Use it"), readme.indexOf("## Fast"));
    for (const word of ["self-normalizing", "LeCun normal", "SELU", "AlphaDropout", "logits"]) {
      expect(use).toContain(`*${word}*`);
    }
  });

  test("finds everything that the packages export in the reference, or among the ops", () => {
    const pages = read("docs/reference.md") + read("docs/ops.md");
    const listed = (name: string): boolean => new RegExp(`(?<!w)${name}(?!w)`).test(pages);
    expect(names.filter((name) => !listed(name))).toEqual([]);
  });

  test("finds a page on browsers", () => {
    const page = read("docs/browsers.md");
    const titles = [
      "Without a bundler",
      "With a bundler",
      "Workers",
      "Threads",
      "Content Security Policy",
      "Saving",
    ];
    for (const title of titles) expect(page).toContain(`\n## ${title}\n`);
  });

  test("finds a README that is not too long", () => {
    expect(read("README.md").split("\n").length).toBeLessThan(221);
  });
});

test.each(
  [
    "smoothL1 bce softplus clipByGlobalNorm polynomialDecay cumprod",
    "tan asin acos atan sinh cosh asinh acosh atanh exp2 log2 log10 cbrt floor ceil round",
    "Adagrad Adadelta Adamax NAdam RAdam",
  ].flatMap((list) => list.split(" ")),
)("Not offered: %s is offered now", (name) => {
  expect(names).toContain(name);
});

test("Not offered: softplus' beta and clipping by the largest element are offered now", () => {
  const { Parameter, backward, tensor } = core;
  // ln(1 + e^(2·0))/2
  expect(tensor(0).softplus({ beta: 2 }).item()).toBeCloseTo(Math.LN2 / 2, 15);
  const w = new Parameter([1, 1]);
  const gradients = backward(w.mul(tensor([3, -4])).sum());
  expect(optim.clipByGlobalNorm(gradients, 1, { order: Infinity }).of(w).toArray()).toEqual([0.75, -1]);
});

// What users of other frameworks looked for. Each is exported, or the README says that it is not there; not both.
test.each<[wanted: string, offered: RegExp, said: RegExp]>([
  ["convolutions", /^[Cc]onv\d/, /no (\w+, )*convolutions/],
  ["pooling", /Pool/, /no (\w+, )*(no )?pooling/],
  ["recurrent layers", /^(LSTM|GRU|RNN|Recurrent)/, /no recurrent layers/],
  ["attention", /Attention/, /no attention/],
  ["a solver, an inverse, Cholesky", /^(solve|inverse|cholesky)$/, /no solver, inverse or Cholesky/],
  ["sort and topk", /^(sort|topk)$/, /no sorting or top-k/],
  ["sampling from probabilities", /^(categorical|multinomial)/, /no sampling from probabilities/],
  ["ONNX", /[Oo]nnx/, /no ONNX/],
])("Missing: %s are there, or the README says that they are not", (_, offered, said) => {
  expect(names.some((name) => offered.test(name))).not.toBe(said.test(readme));
});

test.each(
  [
    "confusionMatrix precision recall f1 auc r2 mae rmse topKAccuracy",
    "windows minMax standardize fromRows folds Preparation restorePreparation",
    "predictor snnReport summary",
  ].flatMap((list) => list.split(" ")),
)("Missing: %s is there now", (name) => {
  expect(names).toContain(name);
});

test("Missing: gradients can be added and scaled, datasets give samples by their rows", () => {
  expect(core.Gradients.prototype).toMatchObject({
    add: expect.any(Function),
    scale: expect.any(Function),
  });
  expect(data.Dataset.prototype.select).toBeTypeOf("function");
  expect(prose("docs/browsers.md")).toContain("train in a worker. `worker.js`");
});
