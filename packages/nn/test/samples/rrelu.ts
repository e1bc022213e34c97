import type { SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/rrelu.ts";
import { seeded } from "./seeded.ts";

export const rrelu: SamplesOf<typeof family> = {
  rrelu: {
    samples: [
      ...[[], [4], [3, 2], [2, 1, 3], [2, 0]].map((shape) => ({
        inputs: [{ shape, avoid: [0] }],
        params: seeded({}),
      })),
      { inputs: [{ shape: [3, 2], avoid: [0] }], params: seeded({ lower: -0.5, upper: 0.5 }) },
      { inputs: [{ shape: [3, 2], avoid: [0] }], params: seeded({ lower: 0.2, upper: 0.2 }) },
    ],
    errors: [
      {
        inputs: [{ shape: [2] }],
        params: seeded({ lower: 0.5, upper: 0.1 }),
        message: /rrelu\(\[2\]\): lower and upper must be finite and in this order, got \[0.5,0.1\]/,
      },
      {
        inputs: [{ shape: [2] }],
        params: seeded({ upper: Number.POSITIVE_INFINITY }),
        message: /upper must be a finite number, got Infinity/,
      },
    ],
  },
};
