import type * as family from "../../src/ops/where.ts";
import type { SamplesOf } from "../../src/testing/index.ts";

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
};
