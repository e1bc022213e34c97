import type * as family from "../../src/ops/saturating.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const saturating: SamplesOf<typeof family> = {
  sigmoid: { samples: unarySamples(), errors: [] },
  tanh: { samples: unarySamples(), errors: [] },
  logSigmoid: { samples: unarySamples(), errors: [] },
  softplus: { samples: unarySamples(), errors: [] },
  softsign: { samples: unarySamples({ avoid: [0] }), errors: [] },
  silu: { samples: unarySamples(), errors: [] },
  mish: { samples: unarySamples(), errors: [] },
};
