import type * as family from "../../src/ops/comparison.ts";
import { binarySamples, type OpSamples, type SamplesOf } from "../../src/testing/index.ts";

export const compared: OpSamples<undefined> = {
  samples: binarySamples(),
  errors: [{ inputs: [{ shape: [2, 3] }, { shape: [2] }], message: /do not broadcast: 3 vs 2 at axis -1/ }],
};

export const comparison: SamplesOf<typeof family> = {
  equal: compared,
  notEqual: compared,
  greaterEqual: compared,
  less: compared,
  lessEqual: compared,
};
