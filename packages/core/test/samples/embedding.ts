import type * as family from "../../src/ops/embedding.ts";
import type { SamplesOf } from "../../src/testing/index.ts";

export const embedding: SamplesOf<typeof family> = {
  oneHot: {
    samples: [
      { inputs: [{ values: 1 }], params: { classes: 3 } },
      { inputs: [{ values: [0] }], params: { classes: 1 } },
      { inputs: [{ values: [2, 0, 2] }], params: { classes: 3 } },
      {
        inputs: [
          {
            values: [
              [0, 1],
              [1, 0],
            ],
          },
        ],
        params: { classes: 2 },
      },
      { inputs: [{ values: [] }], params: { classes: 2 } },
    ],
    errors: [
      {
        inputs: [{ values: [0, 3] }],
        params: { classes: 3 },
        message: /oneHot\(\[2\]\): index 3 at \[1\] is out of range: there are 3 classes/,
      },
      { inputs: [{ values: [-1] }], params: { classes: 3 }, message: /index -1 at \[0\] is out of range/ },
      {
        inputs: [{ values: [0.5] }],
        params: { classes: 3 },
        message: /index 0.5 at \[0\] is not a whole number/,
      },
      {
        inputs: [{ values: [0] }],
        params: { classes: 0 },
        message: /classes must be a whole number ≥ 1, got 0/,
      },
    ],
  },
  embedding: {
    samples: [
      { inputs: [{ shape: [3, 2] }, { values: 1 }] },
      { inputs: [{ shape: [3, 2] }, { values: [2, 0, 2] }] },
      { inputs: [{ shape: [1, 3] }, { values: [0] }] },
      {
        inputs: [
          { shape: [4, 2] },
          {
            values: [
              [3, 0],
              [1, 3],
            ],
          },
        ],
      },
      { inputs: [{ shape: [2, 1] }, { values: [[[1, 0]]] }] },
      { inputs: [{ shape: [2, 3] }, { values: [] }] },
      { inputs: [{ shape: [2, 0] }, { values: [1] }] },
    ],
    errors: [
      {
        inputs: [
          { shape: [3, 2] },
          {
            values: [
              [0, 1],
              [7, 2],
            ],
          },
        ],
        message: /embedding\(\[3,2\], \[2,2\]\): index 7 at \[1,0\] is out of range: axis 0 has size 3/,
      },
      { inputs: [{ shape: [3] }, { values: [0] }], message: /weight must be a matrix \[n, d\], got rank 1/ },
    ],
  },
};
