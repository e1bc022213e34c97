import type * as family from "../../src/ops/rounding.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const rounding: SamplesOf<typeof family> = {
  floor: { samples: unarySamples({ avoid: [-1.5, -1, -0.5, 0, 0.5, 1, 1.5] }), errors: [] },
  ceil: { samples: unarySamples({ avoid: [-1.5, -1, -0.5, 0, 0.5, 1, 1.5] }), errors: [] },
  round: { samples: unarySamples({ avoid: [-1.5, -1, -0.5, 0, 0.5, 1, 1.5] }), errors: [] },
};
