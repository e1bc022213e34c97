import type * as family from "../../src/ops/bce.ts";
import type { LossParams } from "../../src/ops/loss-reduction.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { pairErrors, pairSamples } from "./loss-reduction.ts";

export const bce: SamplesOf<typeof family> = {
  bce: {
    samples: pairSamples<LossParams>({ low: 0.1, high: 0.9 }, { low: 0, high: 1 }),
    errors: [
      ...pairErrors(),
      {
        inputs: [{ values: [0.5, 3.2] }, { values: [0, 1] }],
        message: /the prediction must be probabilities in \[0, 1\], got 3.2 at \[1\]; .* take bceWithLogits/,
      },
    ],
  },
};
