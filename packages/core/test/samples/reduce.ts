import { countOf } from "../../src/ops/mean.ts";
import type * as family from "../../src/ops/reduce.ts";
import type { ReduceParams } from "../../src/ops/reduce.ts";
import {
  type Domain,
  type ErrorSample,
  type Sample,
  type SamplesOf,
  sample,
  unarySamples,
} from "../../src/testing/index.ts";

/**
 * Samples of a reduction: every basic shape, single, negative and several axes, kept and not. Those with fewer than
 * `atLeast` elements to a result are left out, where that would be NaN or an error.
 */
export function reductionSamples<P extends ReduceParams>(domain: Domain = {}, atLeast = 0): Sample<P>[] {
  const shape = [2, 3, 2];
  const all = [
    ...unarySamples<P>(domain),
    ...[0, 1, -1, [0, 2], [1, 2], []].flatMap((axes) =>
      [false, true].map((keepDims) => sample([shape], { axes, keepDims } as unknown as P, domain)),
    ),
    sample([[0, 3]], { axes: 0 } as unknown as P, domain),
    sample([[0, 3]], { axes: 1 } as unknown as P, domain),
  ];
  return all.filter(({ inputs: [x], params = {} }) => "shape" in x && countOf(x.shape, params) >= atLeast);
}

/** What every reduction must refuse. */
export function reductionErrors(): ErrorSample<ReduceParams>[] {
  return [
    {
      inputs: [{ shape: [2, 3] }],
      params: { axes: 2 },
      message: /axis 2 is out of range: it must be in \[-2, 1\]/,
    },
    { inputs: [{ shape: [2, 3] }], params: { axes: [0, -2] }, message: /axis 0 appears more than once/ },
    { inputs: [{ shape: [] }], params: { axes: 0 }, message: /a scalar has no axes/ },
  ];
}

export const reduce: SamplesOf<typeof family> = {
  sum: { samples: reductionSamples(), errors: reductionErrors() },
  broadcastTo: {
    samples: [
      sample([[]], { shape: [] }),
      sample([[]], { shape: [2, 2] }),
      sample([[3]], { shape: [2, 3] }),
      sample([[2, 1]], { shape: [2, 3] }),
      sample([[1, 3, 1]], { shape: [2, 3, 2] }),
      sample([[1]], { shape: [0] }),
      sample([[2, 1]], { shape: [2, 0] }),
    ],
    errors: [
      { inputs: [{ shape: [2] }], params: { shape: [3] }, message: /2 vs 3 at axis -1/ },
      { inputs: [{ shape: [3] }], params: { shape: [1] }, message: /cannot be repeated to \[1\]/ },
      { inputs: [{ shape: [1] }], params: { shape: [1.5] }, message: /whole numbers ≥ 0, got \[1.5\]/ },
    ],
  },
};
