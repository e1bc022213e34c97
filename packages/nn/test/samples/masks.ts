import type { SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/masks.ts";

export const masks: Pick<SamplesOf<typeof family>, "sequenceMask"> = {
  sequenceMask: {
    samples: [
      { inputs: [{ values: [2, 0, 3] }], params: { time: 3 } },
      { inputs: [{ values: [1] }], params: { time: 1 } },
      { inputs: [{ values: [0] }], params: { time: 0 } },
      { inputs: [{ values: [] }], params: { time: 4 } },
      { inputs: [{ values: [4, 4] }], params: { time: 4 } },
    ],
    errors: [
      {
        inputs: [{ values: [1, 4] }],
        params: { time: 3 },
        message: /sequenceMask\(\[2\]\): a length must be a whole number from 0 to 3, got 4 at \[1\]/,
      },
      { inputs: [{ values: [-1] }], params: { time: 3 }, message: /got -1 at \[0\]/ },
      { inputs: [{ values: [1.5] }], params: { time: 3 }, message: /got 1.5 at \[0\]/ },
      { inputs: [{ values: [Number.NaN] }], params: { time: 3 }, message: /got NaN at \[0\]/ },
      {
        inputs: [{ values: [[1]] }],
        params: { time: 3 },
        message: /lengths must be \[n\], one number for each/,
      },
      { inputs: [{ values: [1] }], params: { time: -1 }, message: /time must be ≥ 0, got -1/ },
      { inputs: [{ values: [1] }], params: { time: 1.5 }, message: /time must be a whole number, got 1.5/ },
    ],
  },
};
