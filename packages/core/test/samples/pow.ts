import type * as family from "../../src/ops/pow.ts";
import { binarySamples, type SamplesOf } from "../../src/testing/index.ts";

export const pow: SamplesOf<typeof family> = {
  pow: {
    samples: binarySamples({ low: 0.5 }, { low: -2, high: 3, avoid: [0] }),
    errors: [{ inputs: [{ shape: [2, 3] }, { shape: [2] }], message: /shapes do not broadcast: 3 vs 2/ }],
  },
};
