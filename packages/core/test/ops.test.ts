import { describe, expect, test } from "vitest";
import { chain, ops } from "../src/index.ts";
import { describeOps } from "../src/testing/index.ts";
import { arithmetic } from "./samples/arithmetic.ts";
import { samples } from "./samples/index.ts";

describeOps(ops, samples, { describe, test });
// Not a method, but what gradient rules are written with.
describeOps({ chain }, arithmetic, { describe, test });

test.each(Object.entries(ops))("%s says its formula", (_, { spec }) => {
  expect(spec.formula).toMatch(/[=~] ?\S/);
});
