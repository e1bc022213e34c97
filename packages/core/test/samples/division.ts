import type * as family from "../../src/ops/division.ts";
import { binarySamples, type SamplesOf, unarySamples } from "../../src/testing/index.ts";
import { notBroadcastable } from "./not-broadcastable.ts";

export const division: SamplesOf<typeof family> = {
  div: { samples: binarySamples({}, { low: 0.5, high: 2 }), errors: notBroadcastable() },
  reciprocal: { samples: unarySamples({ low: 0.5 }), errors: [] },
};
