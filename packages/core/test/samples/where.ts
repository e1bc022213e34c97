import type * as family from "../../src/ops/where.ts";
import { type SamplesOf, sample, unarySamples } from "../../src/testing/index.ts";

export const where: SamplesOf<typeof family> = {
  where: {
    samples: [
      { inputs: [{ values: 1 }, { shape: [] }, { shape: [] }] },
      { inputs: [{ values: [1, 0, 1] }, { shape: [3] }, { shape: [3] }] },
      { inputs: [{ values: [[1], [0]] }, { shape: [3] }, { shape: [2, 3] }] },
      { inputs: [{ values: [0, 1] }, { shape: [] }, { shape: [2, 1] }] },
      { inputs: [{ values: [[1, 0]] }, { shape: [1] }, { shape: [1, 1] }] },
      { inputs: [{ values: [] }, { shape: [0] }, { shape: [1] }] },
    ],
    errors: [
      {
        inputs: [{ shape: [2] }, { shape: [3] }, { shape: [3] }],
        message: /where\(\[2\], \[3\], \[3\]\): shapes do not broadcast/,
      },
    ],
  },
  clamp: {
    samples: [
      ...unarySamples({ avoid: [-0.5, 1] }, { low: -0.5, high: 1 }),
      sample([[2, 3]], { low: 0 }, { avoid: [0] }),
      sample([[2, 3]], { high: 0 }, { avoid: [0] }),
    ],
    errors: [
      { inputs: [{ shape: [2] }], params: { low: 1, high: 0 }, message: /needs low ≤ high, got \[1,0\]/ },
      {
        inputs: [{ shape: [2] }],
        params: { low: Number.NaN },
        message: /needs low ≤ high, got \[NaN,Infinity\]/,
      },
    ],
  },
};
