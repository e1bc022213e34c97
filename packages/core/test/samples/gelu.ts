import type * as family from "../../src/ops/gelu.ts";
import type { GeluParams } from "../../src/ops/gelu.ts";
import { type SamplesOf, unarySamples } from "../../src/testing/index.ts";

export const gelu: SamplesOf<typeof family> = {
  gelu: {
    samples: [...unarySamples<GeluParams>(), ...unarySamples({}, { approximate: "tanh" as const })],
    errors: [
      {
        inputs: [{ shape: [2] }],
        params: { approximate: "erf" } as unknown as GeluParams,
        message: /approximate must be "none" or "tanh", got "erf"/,
      },
    ],
  },
};
