import type * as family from "../../src/ops/norm.ts";
import type { NormParams } from "../../src/ops/norm.ts";
import { type Sample, type SamplesOf, sample } from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";

function normSamples(): Sample<NormParams>[] {
  return [
    ...reductionSamples<NormParams>(),
    ...[1, 3, 1.5, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap((order) => [
      sample<NormParams>([[]], { order }, { avoid: [0] }),
      sample<NormParams>([[4]], { order }, { avoid: [0] }),
      sample<NormParams>([[2, 3, 2]], { order, axes: [0, -1] }, { avoid: [0] }),
      sample<NormParams>([[2, 3]], { order, axes: 1, keepDims: true }, { avoid: [0] }),
      sample<NormParams>([[2, 0]], { order, axes: 0 }),
    ]),
  ];
}

export const norm: SamplesOf<typeof family> = {
  norm: {
    samples: normSamples(),
    errors: [
      ...reductionErrors(),
      { inputs: [{ shape: [2] }], params: { order: 0 }, message: /order must be > 0 or -Infinity, got 0/ },
      { inputs: [{ shape: [2] }], params: { order: Number.NaN }, message: /got NaN/ },
      {
        inputs: [{ shape: [2, 0] }],
        params: { order: Number.POSITIVE_INFINITY, axes: 1 },
        message: /axis 1 has size 0/,
      },
    ],
  },
};
