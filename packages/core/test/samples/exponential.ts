import type * as family from "../../src/ops/exponential.ts";
import { binarySamples, type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const exponential: SamplesOf<typeof family> = {
  exp: { samples: unarySamples(), errors: [] },
  expm1: { samples: unarySamples(), errors: [] },
  log: { samples: unarySamples({ low: 0.5 }), errors: [] },
  log1p: { samples: unarySamples({ low: -0.5 }), errors: [] },
  erf: { samples: unarySamples(), errors: [] },
  erfc: { samples: unarySamples(), errors: [] },
  pow: {
    samples: binarySamples({ low: 0.5 }, { low: -2, high: 3, avoid: [0] }),
    errors: [{ inputs: [{ shape: [2, 3] }, { shape: [2] }], message: /shapes do not broadcast: 3 vs 2/ }],
  },
};
