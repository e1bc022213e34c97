import type * as family from "../../src/ops/trigonometric.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const trigonometric: SamplesOf<typeof family> = {
  sin: { samples: unarySamples(), errors: [] },
  cos: { samples: unarySamples(), errors: [] },
  tan: { samples: unarySamples({ low: -1.4, high: 1.4 }), errors: [] },
  asin: { samples: unarySamples({ low: -0.9, high: 0.9 }), errors: [] },
  acos: { samples: unarySamples({ low: -0.9, high: 0.9 }), errors: [] },
  atan: { samples: unarySamples(), errors: [] },
};
