import type * as family from "../../src/ops/slice.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const slice: SamplesOf<typeof family> = {
  slice: {
    samples: [
      sample([[5]], { axis: 0, start: 1, end: 4 }),
      sample([[5]], { axis: -1, step: 2 }),
      sample([[2, 5, 2]], { axis: 1, start: -3, end: -1 }),
      sample([[1, 3]], { axis: 0 }),
      sample([[4, 2]], { axis: 0, start: 3, end: 1 }),
      sample([[4, 2]], { axis: 0, end: 0, step: 2 }),
      sample([[0, 2]], { axis: 1, start: 1 }),
      sample([[3]], { axis: 0, start: -10, end: 10, step: 3 }),
    ],
    errors: [
      { inputs: [{ shape: [3] }], params: { axis: 1 }, message: /axis 1 is out of range/ },
      {
        inputs: [{ shape: [3] }],
        params: { axis: 0, step: 0 },
        message: /step must be a whole number ≥ 1, got 0/,
      },
      {
        inputs: [{ shape: [3] }],
        params: { axis: 0, start: 0.5 },
        message: /start must be a whole number, got 0.5/,
      },
    ],
  },
  pad: {
    samples: [
      sample([[]], { widths: [] }),
      sample([[3]], { widths: [[1, 2]] }),
      sample([[1]], { widths: [[0, 0]], value: 3 }),
      sample([[2, 3]], {
        widths: [
          [1, 0],
          [0, 2],
        ],
        value: -1,
      }),
      sample([[2, 1, 2]], {
        widths: [
          [0, 1],
          [1, 1],
          [2, 0],
        ],
      }),
      sample([[0]], { widths: [[1, 1]] }),
      sample([[2, 0]], {
        widths: [
          [1, 0],
          [0, 0],
        ],
      }),
    ],
    errors: [
      {
        inputs: [{ shape: [2, 3] }],
        params: { widths: [[1, 1]] },
        message: /pad\(\[2,3\]\): widths must be 2 pairs, one for each axis, got \[\[1,1\]\]/,
      },
      {
        inputs: [{ shape: [2] }],
        params: { widths: [[-1, 0]] },
        message: /widths of axis 0 must be two whole numbers ≥ 0, got \[-1,0\]/,
      },
      { inputs: [{ shape: [2] }], params: { widths: [[0.5, 0]] }, message: /got \[0.5,0\]/ },
    ],
  },
  flip: {
    samples: [
      sample([[]], { axes: [] }),
      sample([[3]], { axes: 0 }),
      sample([[1, 3]], { axes: -2 }),
      sample([[2, 3]], { axes: [1] }),
      sample([[2, 3, 2]], { axes: [0, -1] }),
      sample([[0]], { axes: 0 }),
      sample([[2, 0]], { axes: [0, 1] }),
    ],
    errors: [
      { inputs: [{ shape: [2] }], params: { axes: 1 }, message: /axis 1 is out of range/ },
      { inputs: [{ shape: [2, 2] }], params: { axes: [0, -2] }, message: /axis 0 appears more than once/ },
      { inputs: [{ shape: [] }], params: { axes: 0 }, message: /a scalar has no axes/ },
    ],
  },
};
