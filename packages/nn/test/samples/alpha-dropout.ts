import type { ErrorSample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/alpha-dropout.ts";
import type { AlphaDropoutParams, FixedPoint } from "../../src/ops/alpha-dropout.ts";
import { dropoutErrors, dropoutSamples } from "./dropout.ts";
import { seeded } from "./seeded.ts";

function fixedPointErrors(): ErrorSample<AlphaDropoutParams>[] {
  return [[0, 0], [0, -1], [Number.NaN, 1], [0], 1].map((fixedPoint) => ({
    inputs: [{ shape: [2, 3] }],
    params: seeded({ p: 0.5, fixedPoint: fixedPoint as unknown as FixedPoint }),
    message: /ropout: fixedPoint must be a finite mean and a variance > 0, got (\[|1)/,
  }));
}

export const alphaDropout: SamplesOf<typeof family> = {
  alphaDropout: {
    samples: [
      ...dropoutSamples(),
      { inputs: [{ shape: [4, 3] }], params: seeded({ p: 0.3, fixedPoint: [-0.1, 2] as const }) },
    ],
    errors: [...dropoutErrors(), ...fixedPointErrors()],
  },
  featureAlphaDropout: {
    samples: [
      [4, 3],
      [2, 3, 2],
      [2, 3, 2, 2],
      [0, 3],
      [2, 3, 0],
    ].map((shape) => ({
      inputs: [{ shape }],
      params: seeded({ p: 0.4 }),
    })),
    errors: [
      ...dropoutErrors(),
      ...fixedPointErrors(),
      {
        inputs: [{ shape: [3] }],
        params: seeded({ p: 0.5 }),
        message: /\(\[3\]\): needs an input \[N, ..., C\]/,
      },
    ],
  },
};
