import type { Rng } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/dropout.ts";
import type { DropoutParams } from "../../src/ops/dropout.ts";
import { seeded } from "./seeded.ts";

/** Samples of a dropout op: every probability that takes another path. */
export function dropoutSamples(): Sample<DropoutParams>[] {
  return [
    ...[0, 0.1, 0.5, 0.9, 1].map((p) => ({ inputs: [{ shape: [4, 3] }], params: seeded({ p }) })),
    ...[[], [5], [2, 2, 3], [2, 0]].map((shape) => ({ inputs: [{ shape }], params: seeded({ p: 0.3 }) })),
  ];
}

/** What every dropout op must refuse. */
export function dropoutErrors(): ErrorSample<DropoutParams>[] {
  return [
    ...[1.5, -0.1, Number.NaN].map((p) => ({
      inputs: [{ shape: [2, 3] }],
      params: seeded({ p }),
      message: /ropout: p must be in \[0, 1\], got (1.5|-0.1|NaN)/,
    })),
    {
      inputs: [{ shape: [2, 3] }],
      params: { p: 0.5, rng: null as unknown as Rng },
      message: /rng must be a random stream from createRng\(seed\), got null/,
    },
  ];
}

export const dropout: SamplesOf<typeof family> = {
  dropout: { samples: dropoutSamples(), errors: dropoutErrors() },
};
