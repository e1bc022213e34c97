import { expect, test } from "vitest";
import { expectSameBits } from "../../core/test/watch/same-bits.ts";
import { layerOps } from "../src/index.ts";
import { samples } from "./samples/index.ts";

test("watching changes no bit of results, gradients and second derivatives of every sample of every op of nn", () => {
  expect(expectSameBits(layerOps, samples)).toBeGreaterThan(100);
});
