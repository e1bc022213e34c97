import type * as family from "../../src/ops/regression-losses.ts";
import type { HuberParams, SmoothL1Params } from "../../src/ops/regression-losses.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { pairErrors, pairSamples } from "./loss-reduction.ts";

export const regressionLosses: SamplesOf<typeof family> = {
  l1: { samples: pairSamples({ low: 0.1 }, { high: -0.1 }), errors: pairErrors() },
  huber: {
    samples: [
      ...pairSamples<HuberParams>({ low: 0.1, high: 0.4 }, { low: -0.4, high: -0.1 }),
      ...pairSamples<HuberParams>({ low: 1, high: 2 }, { low: -2, high: 0 }, { delta: 0.7 }),
    ],
    errors: [
      ...pairErrors(),
      {
        inputs: [{ shape: [3] }, { shape: [3] }],
        params: { delta: 0 },
        message: /delta must be a finite number > 0, got 0/,
      },
    ],
  },
  smoothL1: {
    samples: [
      ...pairSamples<SmoothL1Params>({ low: 0.1, high: 0.4 }, { low: -0.4, high: -0.1 }),
      ...pairSamples<SmoothL1Params>({ low: 1, high: 2 }, { low: -2, high: 0 }, { beta: 0.7 }),
      ...pairSamples<SmoothL1Params>({ low: 1, high: 2 }, { low: -2, high: 0 }, { beta: 0 }),
    ],
    errors: [
      ...pairErrors(),
      {
        inputs: [{ shape: [3] }, { shape: [3] }],
        params: { beta: -1 },
        message: /beta must be a finite number ≥ 0, got -1/,
      },
    ],
  },
};
