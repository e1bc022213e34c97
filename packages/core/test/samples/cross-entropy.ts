import type * as family from "../../src/ops/cross-entropy.ts";
import type { CrossEntropyParams, NllParams } from "../../src/ops/cross-entropy.ts";
import type { Sample, SamplesOf } from "../../src/testing/index.ts";

/** Samples of class indices for one, two and more axes; 3 classes. */
function classSamples<P extends NllParams>(variants: readonly P[]): Sample<P>[] {
  const reductions = ["mean", "sum", "none"] as const;
  return variants.flatMap((variant) => [
    { inputs: [{ shape: [3] }, { values: 2 }], params: variant },
    { inputs: [{ shape: [1, 3] }, { values: [2] }], params: variant },
    ...reductions.map((reduction) => ({
      inputs: [{ shape: [4, 3] }, { values: [2, 0, 1, 2] }],
      params: { ...variant, reduction },
    })),
    {
      inputs: [
        { shape: [2, 3, 2] },
        {
          values: [
            [0, 2],
            [2, 1],
          ],
        },
      ],
      params: variant,
    },
    { inputs: [{ shape: [0, 3] }, { values: [] }], params: { ...variant, reduction: "sum" } },
  ]);
}

export const crossEntropy: SamplesOf<typeof family> = {
  nll: {
    samples: classSamples([{}, { classWeights: [1, 2, 0.5] }, { ignoreIndex: 1 }]),
    errors: [
      { inputs: [{ shape: [2, 3] }, { values: [0, 3] }], message: /nll\(.*3/ },
      { inputs: [{ shape: [2, 3] }, { values: [0, 0.5] }], message: /0\.5/ },
      { inputs: [{ shape: [2, 3] }, { values: [0] }], message: /targets must have shape \[2\]/ },
      {
        inputs: [{ shape: [2, 3] }, { values: [0, 1] }],
        params: { classWeights: [1, 2] },
        message: /needs 3 class weights/,
      },
    ],
  },
  crossEntropy: {
    samples: [
      ...classSamples<CrossEntropyParams>([
        {},
        { labelSmoothing: 0.1 },
        { classWeights: [1, 2, 0.5] },
        { ignoreIndex: 1 },
        { labelSmoothing: 0.2, classWeights: [0.3, 2, 1], ignoreIndex: 0 },
      ]),
      ...[{}, { labelSmoothing: 0.1, classWeights: [1, 2, 0.5] }].flatMap((params) =>
        [[3], [2, 3], [2, 3, 2]].map((shape) => ({
          inputs: [{ shape }, { shape, low: 0, high: 1 }],
          params,
        })),
      ),
    ],
    errors: [
      { inputs: [{ shape: [2, 3] }, { values: [0, 3] }], message: /crossEntropy\(\[2,3\], \[2\]\): .*3/ },
      { inputs: [{ shape: [2, 3] }, { values: [-1, 0] }], message: /-1/ },
      { inputs: [{ shape: [2, 3] }, { values: [[0], [1]] }], message: /targets must have shape \[2\]/ },
      {
        inputs: [{ shape: [2, 3] }, { values: [0, 1] }],
        params: { labelSmoothing: -0.1 },
        message: /in \[0, 1\], got -0.1/,
      },
      {
        inputs: [{ shape: [2, 3] }, { values: [0, 1] }],
        params: { classWeights: [1, -1, 1] },
        message: /≥ 0/,
      },
      {
        inputs: [{ shape: [2, 3] }, { shape: [2, 3] }],
        params: { ignoreIndex: 0 },
        message: /needs class indices/,
      },
    ],
  },
};
