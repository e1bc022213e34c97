import type * as family from "../../src/ops/rectifiers.ts";
import type { AlphaParams, HardtanhParams, SlopeParams } from "../../src/ops/rectifiers.ts";
import { type SamplesOf, sample, unarySamples } from "../../src/testing/index.ts";

export const rectifiers: SamplesOf<typeof family> = {
  relu6: { samples: unarySamples({ low: -2, high: 8, avoid: [0, 6] }), errors: [] },
  hardtanh: {
    samples: [
      ...unarySamples<HardtanhParams>({ avoid: [-1, 1] }),
      ...unarySamples({ avoid: [-0.5, 1.5] }, { low: -0.5, high: 1.5 }),
    ],
    errors: [
      { inputs: [{ shape: [2] }], params: { low: 1, high: 1 }, message: /needs low < high, got \[1,1\]/ },
    ],
  },
  leakyRelu: {
    samples: [...unarySamples<SlopeParams>({ avoid: [0] }), ...unarySamples({ avoid: [0] }, { slope: 0.3 })],
    errors: [
      {
        inputs: [{ shape: [2] }],
        params: { slope: Number.NaN },
        message: /slope must be a finite number, got NaN/,
      },
    ],
  },
  elu: {
    samples: [...unarySamples<AlphaParams>({ avoid: [0] }), ...unarySamples({ avoid: [0] }, { alpha: 0.5 })],
    errors: [
      {
        inputs: [{ shape: [2] }],
        params: { alpha: Number.NaN },
        message: /alpha must be a finite number, got NaN/,
      },
    ],
  },
  celu: {
    samples: [...unarySamples<AlphaParams>({ avoid: [0] }), ...unarySamples({ avoid: [0] }, { alpha: 0.5 })],
    errors: [{ inputs: [{ shape: [2] }], params: { alpha: 0 }, message: /alpha must not be 0/ }],
  },
  selu: { samples: unarySamples({ avoid: [0] }), errors: [] },

  clamp: {
    samples: [
      ...unarySamples({ avoid: [-0.5, 1] }, { low: -0.5, high: 1 }),
      sample([[2, 3]], { low: 0 }, { avoid: [0] }),
      sample([[2, 3]], { high: 0 }, { avoid: [0] }),
    ],
    errors: [
      { inputs: [{ shape: [2] }], params: { low: 1, high: 0 }, message: /needs low ≤ high, got \[1,0\]/ },
      {
        inputs: [{ shape: [2] }],
        params: { low: Number.NaN },
        message: /needs low ≤ high, got \[NaN,Infinity\]/,
      },
    ],
  },
};
