import type * as family from "../../src/ops/shape-ops.ts";
import type { FlattenParams, SqueezeParams } from "../../src/ops/shape-ops.ts";
import { type SamplesOf, sample, unarySamples } from "../../src/testing/index.ts";

export const shapeOps: SamplesOf<typeof family> = {
  flatten: {
    samples: [
      ...unarySamples<FlattenParams>(),
      sample([[2, 3, 2]], { start: 1 }),
      sample([[2, 3, 2]], { end: 1 }),
    ],
    errors: [
      { inputs: [{ shape: [2, 3] }], params: { start: 2 }, message: /axis 2 is out of range/ },
      {
        inputs: [{ shape: [2, 3] }],
        params: { start: 1, end: 0 },
        message: /start axis 1 comes after end axis 0/,
      },
    ],
  },
  squeeze: {
    samples: [
      ...unarySamples<SqueezeParams>(),
      sample([[1, 2, 1]], { axes: -1 }),
      sample([[1, 2, 1]], { axes: [0, 2] }),
    ],
    errors: [{ inputs: [{ shape: [2, 1] }], params: { axes: 0 }, message: /axis 0 has size 2, not 1/ }],
  },
  unsqueeze: {
    samples: [
      ...unarySamples({}, { axis: 0 }),
      ...unarySamples({}, { axis: -1 }),
      sample([[2, 3]], { axis: 1 }),
    ],
    errors: [{ inputs: [{ shape: [2] }], params: { axis: 2 }, message: /axis 2 is out of range/ }],
  },
  permute: {
    samples: [
      sample([[]], { axes: [] }),
      sample([[3]], { axes: [0] }),
      sample([[2, 3]], { axes: [1, 0] }),
      sample([[2, 3, 2]], { axes: [2, 0, 1] }),
      sample([[2, 1, 3]], { axes: [-1, 0, -2] }),
      sample([[2, 0]], { axes: [1, 0] }),
    ],
    errors: [
      { inputs: [{ shape: [2, 3] }], params: { axes: [0, 0] }, message: /axis 0 appears more than once/ },
      { inputs: [{ shape: [2, 3] }], params: { axes: [0] }, message: /needs all 2 axes, got \[0\]/ },
      { inputs: [{ shape: [2, 3] }], params: { axes: [0, 2] }, message: /axis 2 is out of range/ },
      {
        inputs: [{ shape: [2] }],
        params: { axes: 0 as unknown as number[] },
        message: /axes must be an array of all axes, got 0/,
      },
    ],
  },
  transpose: {
    samples: [
      sample([[2, 3]]),
      sample([[1, 3]]),
      sample([[2, 3, 2]]),
      sample([[2, 3, 2]], { axes: [0, 2] }),
      sample([[0, 2]]),
      sample([[3]], { axes: [0, 0] }),
    ],
    errors: [
      { inputs: [{ shape: [3] }], message: /axis -2 is out of range/ },
      {
        inputs: [{ shape: [2, 3] }],
        params: { axes: [1] as unknown as [number, number] },
        message: /axes must be the two to swap, got \[1\]/,
      },
    ],
  },
};
