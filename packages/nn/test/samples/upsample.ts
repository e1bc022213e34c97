import type { Shape } from "@gradus/core";
import type { Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/upsample.ts";
import type { UpsampleParams } from "../../src/ops/upsample.ts";

function call(shape: Shape, factor: UpsampleParams["factor"]): Sample<UpsampleParams> {
  return { inputs: [{ shape }], params: { factor } };
}

export const upsample: SamplesOf<typeof family> = {
  upsample: {
    samples: [
      call([2, 2, 3, 2], 2),
      call([1, 2, 2, 1], [3, 1]),
      call([1, 2, 2, 3], [1, 2]),
      call([1, 1, 1, 1], 4),
      call([2, 3, 1, 1], 1),
      call([1, 3, 2, 2], 3),
      call([0, 2, 2, 1], 2),
      call([1, 2, 2, 0], 2),
    ],
    errors: [
      {
        ...call([2, 2, 3], 2),
        message:
          /x must be images \[n, height, width, channels\]; unsqueeze\(\{ axis: 0 \}\) makes one image a batch/,
      },
      { ...call([1, 2, 3, 1], 0), message: /factor must be a whole number ≥ 1 or a pair .*, got 0/ },
      { ...call([1, 2, 3, 1], 1.5), message: /factor must be a whole number ≥ 1/ },
      { ...call([1, 2, 3, 1], [2] as never), message: /or a pair \[height, width\] of them/ },
    ],
  },
};
