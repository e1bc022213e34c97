import type * as family from "../../src/ops/exponential.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const exponential: SamplesOf<typeof family> = {
  exp: { samples: unarySamples(), errors: [] },
  expm1: { samples: unarySamples(), errors: [] },
  log: { samples: unarySamples({ low: 0.5 }), errors: [] },
  log1p: { samples: unarySamples({ low: -0.5 }), errors: [] },
  erf: { samples: unarySamples(), errors: [] },
  erfc: { samples: unarySamples(), errors: [] },
};
