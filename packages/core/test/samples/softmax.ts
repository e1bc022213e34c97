import type * as family from "../../src/ops/softmax.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";
import { alongAxisErrors, alongAxisSamples } from "./scan.ts";

export const softmax: SamplesOf<typeof family> = {
  logsumexp: { samples: reductionSamples(), errors: reductionErrors() },
  softmax: { samples: alongAxisSamples(), errors: alongAxisErrors() },
  logSoftmax: { samples: alongAxisSamples(), errors: alongAxisErrors() },
};
