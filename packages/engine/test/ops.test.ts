import { chain, ops } from "@gradus/core";
import { type AnyOp, checkCompiled, type OpSamples } from "@gradus/core/testing";
import * as nn from "@gradus/nn";
import { describe, test } from "vitest";
import { samples } from "../../core/test/samples/index.ts";
import { samples as nnSamples } from "../../nn/test/samples/index.ts";
import { compile } from "../src/index.ts";

const all: Readonly<Record<string, AnyOp>> = { ...ops, chain, ...nn.layerOps };
const samplesOf: Readonly<Record<string, OpSamples<unknown>>> = { ...samples, ...nnSamples };

describe("compiled, an op and its gradient have the bits they have without", () => {
  test.each(Object.entries(all))("%s", (name, op) => {
    samplesOf[name].samples.forEach((sample, i) => {
      checkCompiled(op, sample, `${name}/${i}`, compile);
    });
  });
});
