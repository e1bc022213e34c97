import type { Rng } from "@gradus/core";
import type { SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/random.ts";
import { seeded } from "./seeded.ts";

export const random: SamplesOf<typeof family> = {
  bernoulliMask: {
    samples: [[], [3], [2, 3], [2, 1, 3], [2, 0]].flatMap((shape) =>
      [0, 0.3, 1].map((probability) => ({ inputs: [], params: seeded({ shape, probability }) })),
    ),
    errors: [
      ...[1.5, -0.1, Number.NaN].map((probability) => ({
        inputs: [],
        params: seeded({ shape: [2], probability }),
        message: /bernoulliMask: probability must be in \[0, 1\], got (1.5|-0.1|NaN)/,
      })),
      {
        inputs: [],
        params: seeded({ shape: [-1], probability: 0.5 }),
        message: /size -1 at axis 0/,
      },
      {
        inputs: [],
        params: { shape: [2], probability: 0.5, rng: 7 as unknown as Rng },
        message: /rng must be a random stream from createRng\(seed\), got 7/,
      },
    ],
  },
  uniformNoise: {
    samples: [[], [3], [2, 3], [2, 1, 3], [2, 0]].map((shape) => ({
      inputs: [],
      params: seeded({ shape, low: -1, high: 2 }),
    })),
    errors: [
      {
        inputs: [],
        params: seeded({ shape: [2], low: 2, high: 1 }),
        message: /low and high must be finite and in this order, got \[2,1\]/,
      },
      {
        inputs: [],
        params: seeded({ shape: [2], low: 0, high: Number.NaN }),
        message: /high must be a finite number, got NaN/,
      },
      { inputs: [], params: seeded({ shape: [0.5], low: 0, high: 1 }), message: /size 0.5 at axis 0/ },
    ],
  },
};
