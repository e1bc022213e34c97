import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as math from "../../src/math/index.ts";

const folder = new URL("../../src/math/", import.meta.url);

test("the library exports the fourteen functions and nothing else", () => {
  expect(Object.keys(math).sort()).toEqual(
    "cos erf erfc erfcx exp expm1 log log1p logSigmoid pow sigmoid sin softplus tanh".split(" "),
  );
});

test("no file uses a function whose digits ECMAScript does not fix", () => {
  const exact = new Set(["LOG2E", "abs", "floor", "min", "max"]);
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const used = [...text.matchAll(/\bMath\.(\w+)/g)].map((match) => match[1]);
    expect(
      used.filter((member) => !exact.has(member)),
      name,
    ).toEqual([]);
    expect(text.includes("**"), `${name} uses **`).toBe(false);
  }
});
