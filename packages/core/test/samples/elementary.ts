import type * as family from "../../src/ops/elementary.ts";
import { binarySamples, type SamplesOf, unarySamples } from "../../src/testing/index.ts";
import { notBroadcastable } from "./not-broadcastable.ts";

export const elementary: SamplesOf<typeof family> = {
  sqrt: { samples: unarySamples({ low: 0.5 }), errors: [] },
  rsqrt: { samples: unarySamples({ low: 0.5 }), errors: [] },
  sign: { samples: unarySamples(), errors: [] },
  abs: { samples: unarySamples({ avoid: [0] }), errors: [] },
  maximum: { samples: binarySamples(), errors: notBroadcastable() },
  minimum: { samples: binarySamples(), errors: notBroadcastable() },
};
