import type * as family from "../../src/ops/index-select.ts";
import type { SamplesOf } from "../../src/testing/index.ts";

const table = { shape: [3, 2] };

export const indexSelect: SamplesOf<typeof family> = {
  indexSelect: {
    samples: [
      { inputs: [{ shape: [4] }, { values: [2, 0, 2] }], params: { axis: 0 } },
      { inputs: [{ shape: [4] }, { values: 3 }], params: { axis: 0 } },
      { inputs: [{ shape: [1, 3] }, { values: [0] }], params: { axis: -2 } },
      { inputs: [{ shape: [2, 3] }, { values: [1, 1, 0, 2] }], params: { axis: 1 } },
      { inputs: [{ shape: [2, 3, 2] }, { values: [2, 0] }], params: { axis: -2 } },
      {
        inputs: [
          { shape: [2, 3] },
          {
            values: [
              [1, 0],
              [2, 1],
            ],
          },
        ],
        params: { axis: 1 },
      },
      { inputs: [{ shape: [3, 2] }, { values: [] }], params: { axis: 0 } },
      { inputs: [{ shape: [0, 2] }, { values: [1] }], params: { axis: 1 } },
    ],
    errors: [
      {
        inputs: [table, { values: [0, 3] }],
        params: { axis: 0 },
        message: /\(\[3,2\], \[2\]\): index 3 at \[1\] is out of range: axis 0 has size 3/,
      },
      {
        inputs: [table, { values: [-1] }],
        params: { axis: -1 },
        message: /index -1 at \[0\] is out of range: axis 1 has size 2; negative/,
      },
      { inputs: [table, { values: 0.5 }], params: { axis: 0 }, message: /index 0.5 is not a whole number/ },
      {
        inputs: [table, { values: [[0, Number.NaN]] }],
        params: { axis: 0 },
        message: /index NaN at \[0,1\] is not/,
      },
      { inputs: [{ shape: [0] }, { values: [0] }], params: { axis: 0 }, message: /axis 0 has size 0/ },
      { inputs: [table, { values: [0] }], params: { axis: 2 }, message: /axis 2 is out of range/ },
    ],
  },
  gather: {
    samples: [
      { inputs: [{ shape: [4] }, { values: [2, 0, 2, 2, 1] }], params: { axis: 0 } },
      { inputs: [{ shape: [1] }, { values: [0] }], params: { axis: -1 } },
      { inputs: [{ shape: [2, 3] }, { values: [[2], [0]] }], params: { axis: 1 } },
      {
        inputs: [
          { shape: [3, 2] },
          {
            values: [
              [2, 0],
              [2, 1],
            ],
          },
        ],
        params: { axis: -2 },
      },
      { inputs: [{ shape: [2, 2, 2] }, { values: [[[1, 0]], [[1, 1]]] }], params: { axis: 1 } },
      { inputs: [{ shape: [3, 4] }, { values: [[3, 3]] }], params: { axis: 1 } },
      { inputs: [{ shape: [2, 3] }, { values: [[], []] }], params: { axis: 1 } },
    ],
    errors: [
      {
        inputs: [
          table,
          {
            values: [
              [0, 1],
              [2, 3],
            ],
          },
        ],
        params: { axis: 0 },
        message: /\(\[3,2\], \[2,2\]\): index 3 at \[1,1\] is out of range: axis 0 has size 3/,
      },
      {
        inputs: [table, { values: [[1.5]] }],
        params: { axis: 0 },
        message: /index 1.5 at \[0,0\] is not a whole/,
      },
      { inputs: [table, { values: [0] }], params: { axis: 0 }, message: /as many axes as x: 1 vs 2/ },
      {
        inputs: [table, { values: [[0, 0, 0]] }],
        params: { axis: 0 },
        message: /more than x at axis 1: 3 vs 2/,
      },
    ],
  },
};
