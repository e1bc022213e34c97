import type * as family from "../../src/ops/relu.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const relu: SamplesOf<typeof family> = {
  relu: { samples: unarySamples({ avoid: [0] }), errors: [] },
};
