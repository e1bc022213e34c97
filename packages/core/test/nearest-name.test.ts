import { expect, test } from "vitest";
import { nearestName } from "../src/index.ts";

const OPTIMIZER = ["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "amsgrad"];

test.each([
  ["learningrate", "learningRate"],
  ["learning_rate", "learningRate"],
  ["LearningRate", "learningRate"],
  ["WEIGHT-DECAY", "weightDecay"],
  ["beta_2", "beta2"],
])("%s is %s spelled by another rule", (given, meant) => {
  expect(nearestName(given, OPTIMIZER)).toBe(meant);
});

test.each([
  ["lr", "learningRate"],
  ["wd", "weightDecay"],
  ["eps", "epsilon"],
  ["rate", "learningRate"],
  ["maxEpsilon", "epsilon"],
])("%s is short or long for %s", (given, meant) => {
  expect(nearestName(given, OPTIMIZER)).toBe(meant);
});

test.each([
  ["alpha", ["slope"], "slope"],
  ["negative_slope", ["slope"], "slope"],
  ["dim", ["keepDims", "axis"], "axis"],
  ["axis", ["axes", "keepDims"], "axes"],
  ["separator", ["header", "columns", "delimiter"], "delimiter"],
  ["shuffle", ["rng", "dropLast"], "rng"],
])("another framework says %s", (given, known, meant) => {
  expect(nearestName(given, known)).toBe(meant);
});

test.each([
  ["a letter left out", "epsiln", "epsilon"],
  ["a letter too many", "epsillon", "epsilon"],
  ["another letter", "epsilom", "epsilon"],
  ["two neighbours swapped, which counts once", "mena", "mean"],
  ["two errors in nine letters", "amsgarddd", "amsgrad"],
  ["three errors in ten letters", "lernngRate", "learningRate"],
])("%s: %s", (_, given, meant) => {
  expect(nearestName(given, [...OPTIMIZER, "mean", "std"])).toBe(meant);
});

test("no name is suggested with more errors than a third of the letters", () => {
  expect(nearestName("mode", ["mean", "std"])).toBeUndefined(); // 3 of 4
  expect(nearestName("men", ["man"])).toBe("man"); // 1 of 3
  expect(nearestName("mn", ["an"])).toBeUndefined(); // 1 of 2
  expect(nearestName("shufle", ["dropLast", "reuse", "skip"])).toBeUndefined();
});

test("the fewest errors win, and the first of equals", () => {
  expect(nearestName("beta3", OPTIMIZER)).toBe("beta1");
  expect(nearestName("beeta2", OPTIMIZER)).toBe("beta2");
});

test("works for any text: no known names, empty, other scripts, names that every object inherits", () => {
  expect(nearestName("x", [])).toBeUndefined();
  expect(nearestName("", OPTIMIZER)).toBeUndefined();
  expect(nearestName("😀", ["p"])).toBeUndefined();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    expect(nearestName(name, OPTIMIZER)).toBeUndefined();
  }
});
