import type * as family from "../../src/ops/scan.ts";
import type { AlongAxis } from "../../src/ops/scan.ts";
import { type ErrorSample, type Sample, type SamplesOf, sample } from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";

/** Samples of an op along one axis that keeps the shape. */
export function alongAxisSamples(): Sample<AlongAxis>[] {
  return [
    sample([[4]], { axis: 0 }),
    sample([[1]], { axis: -1 }),
    sample([[2, 3]], { axis: 0 }),
    sample([[2, 3]], { axis: -1 }),
    sample([[2, 3, 2]], { axis: 1 }),
    sample([[2, 1, 3]], { axis: -2 }),
    sample([[0]], { axis: 0 }),
    sample([[2, 0]], { axis: 0 }),
    sample([[0, 3]], { axis: 1 }),
  ];
}

/** What every op along one axis must refuse. */
export function alongAxisErrors(): ErrorSample<AlongAxis>[] {
  return [
    { ...sample([[2, 3]], { axis: 2 }), message: /axis 2 is out of range: it must be in \[-2, 1\]/ },
    { ...sample([[2, 3]], { axis: 0.5 }), message: /axis must be a whole number, got 0.5/ },
    { ...sample([[]], { axis: 0 }), message: /a scalar has no axes/ },
  ];
}

export const scan: SamplesOf<typeof family> = {
  cumsum: { samples: alongAxisSamples(), errors: alongAxisErrors() },
  cumprod: {
    samples: [
      ...alongAxisSamples(),
      { inputs: [{ values: [2, 0, -3, 1.5] }], params: { axis: 0 } },
      { inputs: [{ values: [0, 2, 0, 1.5, 3] }], params: { axis: -1 } },
    ],
    errors: alongAxisErrors(),
  },
  prod: {
    samples: [
      ...reductionSamples(),
      { inputs: [{ values: [2, 0, -3, 1.5] }] },
      { inputs: [{ values: [2, 0, 0, 1.5, 3] }] },
      {
        inputs: [
          {
            values: [
              [0, 0, 0],
              [1, 0, 2],
            ],
          },
        ],
        params: { axes: 1 },
      },
      {
        inputs: [
          {
            values: [
              [
                [2, 0],
                [3, 0.5],
              ],
              [
                [1, 2],
                [0, 1.1],
              ],
            ],
          },
        ],
        params: { axes: [0, 2] },
      },
    ],
    errors: reductionErrors(),
  },
};
