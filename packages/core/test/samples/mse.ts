import type * as family from "../../src/ops/mse.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { pairErrors, pairSamples } from "./loss-reduction.ts";

export const mse: SamplesOf<typeof family> = {
  mse: { samples: pairSamples({}, {}), errors: pairErrors() },
};
