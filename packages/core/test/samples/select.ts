import type * as family from "../../src/ops/select.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const select: SamplesOf<typeof family> = {
  concat: {
    samples: [
      sample([[2], [3]]),
      sample([[1]]),
      sample(
        [
          [2, 1],
          [2, 3],
        ],
        { axis: 1 },
      ),
      sample(
        [
          [2, 3],
          [1, 3],
          [2, 3],
        ],
        { axis: -2 },
      ),
      sample(
        [
          [2, 1, 2],
          [2, 2, 2],
        ],
        { axis: 1 },
      ),
      sample([[0], [2]]),
      sample(
        [
          [2, 0],
          [2, 0],
        ],
        { axis: 0 },
      ),
    ],
    errors: [
      { inputs: [], message: /needs at least one tensor/ },
      { inputs: [{ shape: [] }], message: /scalars have no axis to join along; use stack/ },
      {
        inputs: [{ shape: [2] }, { shape: [2, 1] }],
        message: /input 2 has shape \[2,1\], the first \[2\]: they may differ only at axis 0/,
      },
      {
        inputs: [{ shape: [2, 3] }, { shape: [2, 4] }],
        message: /concat\(\[2,3\], \[2,4\]\): input 2 has shape \[2,4\], the first \[2,3\]/,
      },
      { inputs: [{ shape: [2] }], params: { axis: 1 }, message: /axis 1 is out of range/ },
    ],
  },
  stack: {
    samples: [
      sample([[], []]),
      sample([[3], [3]]),
      sample([[1]], { axis: 1 }),
      sample([[3], [3], [3]], { axis: -1 }),
      sample(
        [
          [2, 3],
          [2, 3],
        ],
        { axis: 1 },
      ),
      sample(
        [
          [2, 1, 3],
          [2, 1, 3],
        ],
        { axis: -2 },
      ),
      sample([[0], [0]]),
      sample(
        [
          [2, 0],
          [2, 0],
        ],
        { axis: 2 },
      ),
    ],
    errors: [
      { inputs: [], message: /needs at least one tensor/ },
      {
        inputs: [{ shape: [2] }, { shape: [2] }, { shape: [1] }],
        message: /stack\(\[2\], \[2\], \[1\]\): input 3 has shape \[1\], the first \[2\]: they must be equal/,
      },
      { inputs: [{ shape: [2] }], params: { axis: 2 }, message: /axis 2 is out of range/ },
    ],
  },
  split: {
    samples: [
      sample([[5]], { sizes: 2 }),
      sample([[1]], { sizes: 3 }),
      sample([[2, 4]], { sizes: 2, axis: -1 }),
      sample([[4, 2]], { sizes: [1, 0, 3] }),
      sample([[2, 3, 2]], { sizes: [1, 2], axis: 1 }),
      sample([[0]], { sizes: 2 }),
      sample([[2, 0]], { sizes: [1, 1] }),
    ],
    errors: [
      {
        inputs: [{ shape: [5] }],
        params: { sizes: [2, 2] },
        message: /sizes \[2,2\] add up to 4, but axis 0 has size 5/,
      },
      { inputs: [{ shape: [5] }], params: { sizes: 0 }, message: /sizes must be a whole number ≥ 1, got 0/ },
      {
        inputs: [{ shape: [5] }],
        params: { sizes: [6, -1] },
        message: /sizes must be an array of whole numbers ≥ 0, got \[6,-1\]/,
      },
      {
        inputs: [{ shape: [5] }],
        params: { sizes: [2.5, 2.5] },
        message: /an array of whole numbers, got \[2.5,2.5\]/,
      },
      { inputs: [{ shape: [5] }], params: { sizes: 1, axis: 1 }, message: /axis 1 is out of range/ },
      { inputs: [{ shape: [] }], params: { sizes: 1 }, message: /a scalar has no axes/ },
    ],
  },
};
