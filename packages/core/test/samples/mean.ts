import type * as family from "../../src/ops/mean.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";

export const mean: SamplesOf<typeof family> = {
  mean: { samples: reductionSamples({}, 1), errors: reductionErrors() },
};
