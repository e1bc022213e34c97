import type * as family from "../../src/ops/bases.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const bases: SamplesOf<typeof family> = {
  exp2: { samples: unarySamples(), errors: [] },
  log2: { samples: unarySamples({ low: 0.5 }), errors: [] },
  log10: { samples: unarySamples({ low: 0.5 }), errors: [] },
  cbrt: { samples: unarySamples({ low: 0.5 }), errors: [] },
};
