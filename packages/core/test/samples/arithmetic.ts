import type * as family from "../../src/ops/arithmetic.ts";
import { binarySamples, type ErrorSample, type SamplesOf, unarySamples } from "../../src/testing/index.ts";

/** What every op of two broadcast tensors must refuse. */
function notBroadcastable(): ErrorSample<never>[] {
  return [
    {
      inputs: [{ shape: [2, 3] }, { shape: [2] }],
      message: /\(\[2,3\], \[2\]\): shapes do not broadcast: 3 vs 2 at axis -1/,
    },
    { inputs: [{ shape: [4, 3] }, { shape: [2, 3] }], message: /4 vs 2 at axis -2/ },
  ];
}

export const arithmetic: SamplesOf<typeof family> = {
  add: { samples: binarySamples(), errors: notBroadcastable() },
  neg: { samples: unarySamples(), errors: [] },
  sub: { samples: binarySamples(), errors: notBroadcastable() },
  chain: { samples: binarySamples(), errors: notBroadcastable() },
  mul: { samples: binarySamples(), errors: notBroadcastable() },
  div: { samples: binarySamples({}, { low: 0.5, high: 2 }), errors: notBroadcastable() },
  reciprocal: { samples: unarySamples({ low: 0.5 }), errors: [] },
  square: { samples: unarySamples(), errors: [] },
  sqrt: { samples: unarySamples({ low: 0.5 }), errors: [] },
  rsqrt: { samples: unarySamples({ low: 0.5 }), errors: [] },
  sign: { samples: unarySamples(), errors: [] },
  abs: { samples: unarySamples({ avoid: [0] }), errors: [] },
  maximum: { samples: binarySamples(), errors: notBroadcastable() },
  minimum: { samples: binarySamples(), errors: notBroadcastable() },
};
