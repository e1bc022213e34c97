import type * as family from "../../src/ops/probability-losses.ts";
import type { BceParams, KlDivParams } from "../../src/ops/probability-losses.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";
import { pairErrors, pairSamples } from "./loss-reduction.ts";

export const probabilityLosses: SamplesOf<typeof family> = {
  bceWithLogits: {
    samples: [
      ...pairSamples<BceParams>({}, { low: 0, high: 1 }),
      ...pairSamples<BceParams>({}, { low: 0, high: 1 }, { positiveWeight: 2.5 }),
      sample(
        [
          [2, 3],
          [2, 3],
        ],
        { positiveWeight: [1, 2, 3] },
      ),
    ],
    errors: [
      ...pairErrors(),
      {
        inputs: [{ shape: [3] }, { shape: [3] }],
        params: { positiveWeight: -1 },
        message: /positiveWeight must be finite, ≥ 0/,
      },
      {
        inputs: [{ shape: [3] }, { shape: [3] }],
        params: { positiveWeight: [1, 2] },
        message: /one per column, got \[1,2\]/,
      },
    ],
  },
  klDiv: {
    samples: [
      ...pairSamples<KlDivParams>({ high: 0 }, { low: 0.1, high: 1 }, { logTarget: false }),
      ...pairSamples<KlDivParams>({ high: 0 }, { high: 0 }, { logTarget: true }),
      sample(
        [
          [2, 3],
          [2, 3],
        ],
        { reduction: "batchMean" },
        { low: 0.1, high: 1 },
      ),
    ],
    errors: [
      { inputs: [{ shape: [3] }, { shape: [1] }], message: /prediction \[3\] and target \[1\] differ/ },
      {
        inputs: [{ shape: [] }, { shape: [] }],
        params: { reduction: "batchMean" },
        message: /no batch axis/,
      },
    ],
  },
};
