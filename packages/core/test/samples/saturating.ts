import type * as family from "../../src/ops/saturating.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const saturating: SamplesOf<typeof family> = {
  sigmoid: { samples: unarySamples(), errors: [] },
  tanh: { samples: unarySamples(), errors: [] },
  logSigmoid: { samples: unarySamples(), errors: [] },
  softplus: {
    samples: [...unarySamples({}, {}), ...unarySamples({}, { beta: 0.4 }), ...unarySamples({}, { beta: 3 })],
    errors: [
      { inputs: [{ shape: [3] }], params: { beta: 0 }, message: /beta must be a finite number > 0, got 0/ },
    ],
  },
  softsign: { samples: unarySamples({ avoid: [0] }), errors: [] },
  silu: { samples: unarySamples(), errors: [] },
  mish: { samples: unarySamples(), errors: [] },
};
