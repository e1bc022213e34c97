import type * as family from "../../src/ops/matmul.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const matmul: SamplesOf<typeof family> = {
  matmul: {
    samples: [
      sample([
        [2, 3],
        [3, 4],
      ]),
      sample(
        [
          [2, 3],
          [4, 3],
        ],
        { transposeY: true },
      ),
      sample(
        [
          [3, 2],
          [3, 4],
        ],
        { transposeX: true },
      ),
      sample(
        [
          [3, 2],
          [4, 3],
        ],
        { transposeX: true, transposeY: true },
      ),
      sample([[3], [3]]),
      sample([[3], [3, 2]]),
      sample([[2, 3], [3]]),
      sample([[2, 2, 3], [3]]),
      sample([[3], [2, 3, 2]]),
      sample([
        [2, 2, 3],
        [3, 2],
      ]),
      sample([
        [2, 1, 2, 3],
        [2, 3, 1],
      ]),
      sample([
        [1, 3],
        [3, 1],
      ]),
      sample([
        [0, 3],
        [3, 2],
      ]),
      sample([
        [2, 0],
        [0, 2],
      ]),
    ],
    errors: [
      {
        inputs: [{ shape: [2, 3] }, { shape: [4, 5] }],
        message: /\(\[2,3\], \[4,5\]\): inner sizes differ: 3 vs 4/,
      },
      { inputs: [{ shape: [3] }, { shape: [4] }], message: /inner sizes differ: 3 vs 4/ },
      { inputs: [{ shape: [] }, { shape: [3] }], message: /a scalar has no matrix product/ },
      { inputs: [{ shape: [3, 2, 2] }, { shape: [2, 2, 2] }], message: /do not broadcast: 3 vs 2/ },
      {
        inputs: [{ shape: [3] }, { shape: [3, 2] }],
        params: { transposeX: true },
        message: /a vector cannot be transposed/,
      },
    ],
  },
};
