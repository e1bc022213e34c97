import { readFileSync } from "node:fs";
import * as core from "@gradus/core";
import { createRng, type Tensor } from "@gradus/core";
import { drawInputs } from "@gradus/core/testing";
import * as data from "@gradus/data";
import * as io from "@gradus/io";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import * as train from "@gradus/train";
import { describe, expect, test } from "vitest";
import { type CatalogueEntry, catalogue, registries } from "./catalogue.ts";
import { groups } from "./groups.ts";
import { fromPlain } from "./plain-params.ts";

const entries = catalogue();
const entryOf = (name: string): CatalogueEntry => {
  const found = entries.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`${name} is not in the catalogue`);
  return found;
};

test("every registry that a package exports is read", () => {
  const isOp = (value: unknown): boolean => typeof value === "function" && "spec" in value;
  const exported = [core, nn, optim, data, train, io].flatMap((module) =>
    Object.values(module).filter(
      (value) =>
        typeof value === "object" &&
        value !== null &&
        Object.values(value).length > 1 &&
        Object.values(value).every(isOp),
    ),
  );
  expect(registries.map(({ ops }) => ops)).toEqual(exported);
});

test("every op of every registry has an entry, and nothing else has", () => {
  const names = registries.flatMap(({ ops }) => Object.keys(ops));
  expect(new Set(entries.map(({ name }) => name))).toEqual(new Set(names));
  expect(entries.length).toBe(names.length);
});

test("the catalogue is plain data", () => {
  expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
});

describe.each(registries)("$name", ({ ops, samples }) => {
  test.each(Object.entries(ops))("%s: all parts are there", (name, op) => {
    const entry = entryOf(name);
    const source = readFileSync(new URL(`../../${entry.file}`, import.meta.url), "utf8");
    expect(
      source
        .split("\n")
        .slice(entry.first - 1, entry.last)
        .join("\n"),
    ).toBe(entry.text);
    expect(entry.text).toContain(`export const ${name}: `);
    expect(entry.comment.length).toBeGreaterThan(10);
    expect(entry.formula).not.toBe("");
    expect(entry.samples.length).toBeGreaterThanOrEqual(5);
    expect(Object.keys(groups)).toContain(entry.group);
    expect(entry.kinks.length > 0 || entry.smooth !== null, "kinks, or the reason why there are none").toBe(
      true,
    );
    const { vjp, arity } = op.spec as { vjp?: readonly unknown[]; arity?: number };
    expect(entry.rules?.length).toBe(vjp?.length);
    if (entry.kind !== "defineListOp") expect(entry.inputs.length).toBe(vjp?.length ?? arity);
    else expect(entry.inputs).toEqual(["inputs"]);
  });

  test.each(Object.entries(ops))("%s: the params of its samples come back from plain data", (name, op) => {
    const call = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
    samples[name].samples.forEach((sample, i) => {
      const inputs = drawInputs(sample, createRng(`plain/${i}`));
      const results = [sample.params, fromPlain(entryOf(name).samples[i].params)].map((params) => {
        const rest = params === undefined || params === null ? [] : [params];
        const out = "list" in op.spec ? call(inputs, ...rest) : call(...inputs, ...rest);
        return [out].flat().map(({ shape, data }) => [shape, data]);
      });
      expect(results[1]).toEqual(results[0]);
    });
  });
});

test("ops are grouped by what they do", () => {
  const found = [
    "relu",
    "pow",
    "cumsum",
    "softmax",
    "matmul",
    "sum",
    "argmax",
    "transpose",
    "mse",
    "conv2d",
    "dropout",
  ];
  expect(found.map((name) => entryOf(name).group)).toEqual([
    "element-wise",
    "element-wise",
    "rows",
    "rows",
    "products",
    "reductions",
    "reductions",
    "arrangement",
    "losses",
    "windows",
    "random",
  ]);
});

test("an entry has what source, declaration and tables say", () => {
  expect(entryOf("leakyRelu")).toMatchObject({
    package: "@gradus/core",
    kind: "defineOp",
    family: "rectifiers",
    paper: "Maas et al. 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models, eq. 2",
    inputs: ["x"],
    params: [
      {
        name: "slope",
        default: "0.01",
        comment: "Slope for x ≤ 0. Default 0.01, PyTorch's and the paper's; Keras has 0.3.",
      },
    ],
    rules: ["(g, { inputs: [x], params: { slope } }) => where(greater(x, 0), g, mul(slope, g))"],
    examples: ["leakyRelu(tensor([-1, 2])); // [-0.01, 2]"],
    instruction: { layout: "elementwise", name: "leakyRelu(slope)", madeOf: [] },
  });
  expect(entryOf("leakyRelu").kinks[0]).toEqual({
    at: "leakyRelu(0)",
    first: "0.01",
    second: "0",
    why: "the left branch",
  });
  expect(entryOf("gelu").accuracy.map(({ name }) => name)).toEqual(["erfc", "sigmoid"]);
  expect(entryOf("dropout")).toMatchObject({
    package: "@gradus/nn",
    kind: "deriveOp",
    paper: "Srivastava et al. 2014, Dropout, §10 (the scaling at training time)",
    rules: null,
    instruction: { layout: null, madeOf: ["bernoulliMask", "div", "where"] },
  });
  // Its params extend those of another file.
  expect(entryOf("groupNorm").params.map(({ name, comment }) => [name, comment === ""])).toEqual([
    ["groups", false],
    ["epsilon", false],
  ]);
});
