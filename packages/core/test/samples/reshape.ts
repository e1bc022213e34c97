import type * as family from "../../src/ops/reshape.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const reshape: SamplesOf<typeof family> = {
  reshape: {
    samples: [
      sample([[]], { shape: [1, 1] }),
      sample([[6]], { shape: [2, 3] }),
      sample([[2, 3]], { shape: [3, -1] }),
      sample([[2, 1, 2]], { shape: [4] }),
      sample([[1]], { shape: [] }),
      sample([[2, 0]], { shape: [0, 5] }),
    ],
    errors: [
      {
        inputs: [{ shape: [15] }],
        params: { shape: [5, 2, 2] },
        message: /15 elements do not fit shape \[5,2,2\]/,
      },
      { inputs: [{ shape: [6] }], params: { shape: [-1, -1] }, message: /only one size can be -1/ },
      { inputs: [{ shape: [0] }], params: { shape: [0, -1] }, message: /-1 could be any size/ },
      { inputs: [{ shape: [6] }], params: { shape: [1.5, 4] }, message: /1.5 at axis 0/ },
    ],
  },
};
