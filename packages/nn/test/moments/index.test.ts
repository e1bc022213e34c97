import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as nn from "../../src/index.ts";
import * as moments from "../../src/moments/index.ts";

test("the theory is a subpath of its own, which programs that train do not carry", () => {
  const names = ["activationMoments", "fixedPoint", "seluJacobian", "seluMoments", "seluParameters"];
  expect(Object.keys(moments).sort()).toEqual(names);
  for (const name of names) expect(name in nn).toBe(false);
  const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(exports["./moments"]["@gradus/source"]).toBe("./src/moments/index.ts");
});
