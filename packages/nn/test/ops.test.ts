import { describeOps } from "@gradus/core/testing";
import { describe, expect, test } from "vitest";
import { layerOps } from "../src/index.ts";
import { samples } from "./samples/index.ts";

describeOps(layerOps, samples, { describe, test });

test.each(Object.entries(layerOps))("%s says its formula", (_, { spec }) => {
  expect(spec.formula).toMatch(/[=~] ?\S/);
});
