import { expect, test } from "vitest";
import { ops } from "../../src/index.ts";
import { samples } from "../samples/index.ts";
import { expectSameBits } from "./same-bits.ts";

test("watching changes no bit: results, gradients and second derivatives of every sample of every op of core", () => {
  expect(expectSameBits(ops, samples)).toBeGreaterThan(700);
});
