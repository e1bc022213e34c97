import type * as family from "../../src/ops/normalization.ts";
import type { NormalizationParams } from "../../src/ops/normalization.ts";
import type { Shape } from "../../src/shape.ts";
import { type Sample, type SamplesOf, sample } from "../../src/testing/index.ts";

function vectorsOf(x: Shape, channels: number): Sample<NormalizationParams>["inputs"] {
  const vector = { shape: [channels] };
  return [{ shape: x }, vector, vector, vector, { ...vector, low: 0.5, high: 2 }];
}

function channelSample(x: Shape, params?: NormalizationParams): Sample<NormalizationParams> {
  return { inputs: vectorsOf(x, x[x.length - 1]), params };
}

export const normalization: SamplesOf<typeof family> = {
  layerNorm: {
    samples: [
      sample([[2, 3], [3], [3]]),
      sample([[3], [3], [3]]),
      sample([
        [2, 2, 3],
        [2, 3],
        [2, 3],
      ]),
      sample([[2, 3], [3], [3]], { epsilon: 0.1 }),
      sample([[2, 1], [1], [1]], { epsilon: 1 }),
      sample([[0, 3], [3], [3]]),
    ],
    errors: [
      { inputs: [{ shape: [2, 3] }, { shape: [2] }, { shape: [2] }], message: /layerNorm\(.*trailing axes/ },
      { inputs: [{ shape: [2, 3] }, { shape: [3] }, { shape: [1] }], message: /trailing axes/ },
      {
        inputs: [{ shape: [2, 3] }, { shape: [3] }, { shape: [3] }],
        params: { epsilon: Number.NaN },
        message: /epsilon must be a finite number ≥ 0, got NaN/,
      },
    ],
  },
  batchNorm: {
    samples: [
      channelSample([2, 3]),
      channelSample([2, 3, 2]),
      channelSample([1, 1]),
      channelSample([0, 2]),
      channelSample([2, 2, 1, 2], { epsilon: 0.1 }),
    ],
    errors: [
      { inputs: vectorsOf([2], 2), message: /x needs a batch and a channel axis/ },
      { inputs: vectorsOf([2, 3], 2), message: /must have the shape \[3\] of the channels/ },
      { inputs: vectorsOf([2, 3, 4], 3), message: /must have the shape \[4\] of the channels/ },
      {
        inputs: vectorsOf([2, 3], 3),
        params: { epsilon: -1 },
        message: /epsilon must be a finite number ≥ 0, got -1/,
      },
    ],
  },
};
