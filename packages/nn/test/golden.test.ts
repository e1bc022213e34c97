import { expect, test } from "vitest";
import { describeGolden } from "../../core/test/golden.ts";
import { layerOps } from "../src/index.ts";

const counts = describeGolden(layerOps, new URL("./fixtures/ops/", import.meta.url));

test("every op without a random stream has at least six golden cases", () => {
  const missing = Object.entries(layerOps)
    .filter(([name, { spec }]) => !("rng" in (spec.ranges ?? {})) && (counts.get(name) ?? 0) < 6)
    .map(([name]) => name);
  // These have golden values in tests of their own (ops/attention) or no numbers but 0 and 1.
  expect(missing).toEqual(["attentionWeights", "scaledDotProductAttention", "sequenceMask"]);
});
