import type * as family from "../../src/ops/linear.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const linear: SamplesOf<typeof family> = {
  linear: {
    samples: [
      sample([[2, 3], [3, 4], [4]]),
      sample([[3], [3, 2], [2]]),
      sample([[2, 2, 3], [3, 2], [2]]),
      sample([[1, 1], [1, 1], [1]]),
      sample([[0, 3], [3, 2], [2]]),
    ],
    errors: [
      {
        inputs: [{ shape: [2, 3] }, { shape: [4, 5] }, { shape: [5] }],
        message: /linear\(.*needs x \[..., m\], a weight \[m, n\] and a bias \[n\]$/,
      },
      {
        inputs: [{ shape: [2, 3] }, { shape: [3, 5] }, { shape: [1] }],
        message: /a weight \[m, n\] and a bias \[n\]/,
      },
    ],
  },
};
