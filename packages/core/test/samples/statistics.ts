import type * as family from "../../src/ops/statistics.ts";
import type { VarianceParams } from "../../src/ops/statistics.ts";
import { type ErrorSample, type Sample, type SamplesOf, sample } from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";

function varianceSamples(): Sample<VarianceParams>[] {
  return [
    ...reductionSamples<VarianceParams>({}, 2),
    sample([[]], { correction: 0 }),
    sample([[1]], { correction: 0, keepDims: true }),
    sample([[1, 3]], { axes: -1, correction: 0 }),
    sample([[2, 3, 2]], { axes: [0, -1], correction: 2.5 }),
    sample([[0]]),
    sample([[2, 0]], { axes: 1 }),
  ];
}

function varianceErrors(): ErrorSample<VarianceParams>[] {
  return [
    ...reductionErrors(),
    {
      inputs: [{ shape: [3] }],
      params: { correction: Number.NaN },
      message: /: correction must be a finite number, got NaN/,
    },
  ];
}

export const statistics: SamplesOf<typeof family> = {
  variance: { samples: varianceSamples(), errors: varianceErrors() },
  std: { samples: varianceSamples(), errors: varianceErrors() },
};
