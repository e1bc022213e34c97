import type * as family from "../../src/ops/square.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const square: SamplesOf<typeof family> = {
  square: { samples: unarySamples(), errors: [] },
};
