import { readFileSync } from "node:fs";
import * as nn from "@gradus/nn";
import { expect, test } from "vitest";
import * as snn from "../src/index.ts";

test("programs that only train do not import the theory", () => {
  expect(Object.keys(snn).sort()).toEqual([
    "SnnReport",
    "activationMoments",
    "fixedPoint",
    "momentsOf",
    "seluJacobian",
    "seluMoments",
    "seluParameters",
    "snnReport",
  ]);
  for (const name of Object.keys(snn)) expect(name in nn, name).toBe(false);
  const { dependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(Object.keys(dependencies)).toEqual(["@gradus/core", "@gradus/nn"]);
});
