import type * as family from "../../src/ops/hyperbolic.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const hyperbolic: SamplesOf<typeof family> = {
  sinh: { samples: unarySamples(), errors: [] },
  cosh: { samples: unarySamples(), errors: [] },
  asinh: { samples: unarySamples(), errors: [] },
  acosh: { samples: unarySamples({ low: 1.2, high: 3 }), errors: [] },
  atanh: { samples: unarySamples({ low: -0.9, high: 0.9 }), errors: [] },
};
