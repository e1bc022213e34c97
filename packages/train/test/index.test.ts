import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as train from "../src/index.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

test("the main entry runs in browsers: nothing of it needs Node, its types or other packages than gradus's", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("node"),
  );
  expect(files).toContain("fit.ts");
  for (const name of files) {
    const text = readFileSync(source + name, "utf8");
    const imports = [
      ...text.matchAll(/^(?:im|ex)port (type )?[^;]*?\bfrom "([^"]+)"|\bimport\(?\s*"([^"]+)"/gm),
    ];
    // Stores in folders ask at run time whether there is Node; types of it are no import.
    const forNode = name === "checkpoint/folder.ts" || name.startsWith("checkpoint/folder/");
    const imported = imports.filter(([, type]) => !(type && forNode)).map((m) => m[2] ?? m[3]);
    const foreign = imported.filter(
      (path) =>
        !/^(\.\.?\/(?!node\/)|@gradus\/(core|core\/internal|core\/text|engine|engine\/internal|nn|optim|data|io|io\/internal)$)/.test(
          path,
        ),
    );
    expect({ name, foreign }).toEqual({ name, foreign: [] });
    if (forNode) continue;
    expect({ name, found: /\b(process|Buffer)\.|\brequire\(|reference types/.exec(text) }).toEqual({
      name,
      found: null,
    });
  }
});

test("the main entry exports the documented names only", () => {
  expect(Object.keys(train).sort()).toEqual([
    "DivergenceError",
    "History",
    "StorageError",
    "TrainingNumericsError",
    "accuracy",
    "auc",
    "binaryAccuracy",
    "classAccuracy",
    "confusionMatrix",
    "earlyStopping",
    "evaluate",
    "f1",
    "fit",
    "indexedDbStore",
    "learningRateLog",
    "loadCheckpoint",
    "mae",
    "maxError",
    "precision",
    "predict",
    "predictor",
    "r2",
    "recall",
    "rmse",
    "saveCheckpoint",
    "summary",
    "topKAccuracy",
  ]);
});
