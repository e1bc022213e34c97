import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as math from "../../src/math/index.ts";

const folder = new URL("../../src/math/", import.meta.url);

test("the library exports these functions and nothing else", () => {
  expect(Object.keys(math).sort()).toEqual(
    (
      "acos acosh asin asinh atan atanh cbrt cos cosh erf erfc erfcx exp exp2 expm1 log log10 log1p log2 " +
      "logSigmoid pow sigmoid sin sinh softplus tan tanh"
    ).split(" "),
  );
});

test("no file uses a function whose digits ECMAScript does not fix", () => {
  // sqrt is IEEE 754's, correctly rounded, in every engine; verify:bits compares it.
  const exact = new Set(["LOG2E", "LN2", "abs", "floor", "min", "max", "round", "sign", "sqrt"]);
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
