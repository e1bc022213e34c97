import { describeOps } from "@gradus/core/testing";
import { describe, expect, test } from "vitest";
import { ops } from "../src/index.ts";
import { samples } from "./samples/index.ts";

describeOps(ops, samples, { describe, test });

test.each(Object.entries(ops))("%s says its formula", (_, { spec }) => {
  expect(spec.formula).toMatch(/[=~] ?\S/);
});
