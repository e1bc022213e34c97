import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as train from "../src/index.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

test("the main entry runs in browsers: nothing of it needs Node, its types or other packages than gradus's", () => {
  const files = readdirSync(source).filter((name) => name.endsWith(".ts"));
  expect(files).toContain("fit.ts");
  for (const name of files) {
    const text = readFileSync(source + name, "utf8");
    const imported = [...text.matchAll(/\bfrom "([^"]+)"|\bimport\(?\s*"([^"]+)"/g)].map((m) => m[1] ?? m[2]);
    const foreign = imported.filter((path) => !/^(\.\/(?!node\/)|@gradus\/(core|nn|optim|data)$)/.test(path));
    expect({ name, foreign }).toEqual({ name, foreign: [] });
    expect({ name, found: /\b(process|Buffer)\.|\brequire\(|reference types/.exec(text) }).toEqual({
      name,
      found: null,
    });
  }
});

test("the main entry exports what it promises, and no more", () => {
  expect(Object.keys(train).sort()).toEqual([
    "DivergenceError",
    "History",
    "accuracy",
    "binaryAccuracy",
    "earlyStopping",
    "evaluate",
    "fit",
    "learningRateLog",
    "predict",
    "stopOnNaN",
    "summary",
  ]);
});
