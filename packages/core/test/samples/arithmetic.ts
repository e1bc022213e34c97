import type * as family from "../../src/ops/arithmetic.ts";
import { binarySamples, type SamplesOf, unarySamples } from "../../src/testing/index.ts";
import { notBroadcastable } from "./not-broadcastable.ts";

export const arithmetic: SamplesOf<typeof family> = {
  add: { samples: binarySamples(), errors: notBroadcastable() },
  neg: { samples: unarySamples(), errors: [] },
  sub: { samples: binarySamples(), errors: notBroadcastable() },
  chain: { samples: binarySamples(), errors: notBroadcastable() },
  mul: { samples: binarySamples(), errors: notBroadcastable() },
};
