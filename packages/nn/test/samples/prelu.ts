import type { Shape } from "@gradus/core";
import type { SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/prelu.ts";

export const prelu: SamplesOf<typeof family> = {
  prelu: {
    samples: (
      [
        [[4], [1]],
        [[], [1]],
        [[3, 2], [1]],
        [[3, 2], [2]],
        [[2, 2, 3], [3]],
        [[2, 3, 1], [1]],
        [[0, 2], [2]],
        [[2, 0, 2], [2]],
      ] as const
    ).map(([x, slope]: readonly [Shape, Shape]) => ({
      inputs: [{ shape: x, avoid: [0] }, { shape: slope }],
    })),
    errors: [
      {
        inputs: [{ shape: [2, 3] }, { shape: [2] }],
        message: /prelu\(\[2,3\], \[2\]\): there are 2 slopes, but the input has 3 channels/,
      },
      { inputs: [{ shape: [3] }, { shape: [3] }], message: /3 slopes, but the input has no channel axis/ },
      { inputs: [{ shape: [2, 3] }, { shape: [] }], message: /slope must have one axis/ },
      { inputs: [{ shape: [2, 3] }, { shape: [1, 3] }], message: /slope must have one axis/ },
    ],
  },
};
