import type { SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/sequence-mask.ts";

const lengths = (values: number[]) => ({ values });

export const sequenceMask: SamplesOf<Pick<typeof family, "sequenceMask">> = {
  sequenceMask: {
    samples: [
      { inputs: [lengths([0])], params: { time: 0 } },
      { inputs: [lengths([1, 3])], params: { time: 3 } },
      { inputs: [lengths([0])], params: { time: 1 } },
      { inputs: [lengths([0, 1, 2, 3, 4])], params: { time: 4 } },
      { inputs: [lengths([2, 2])], params: { time: 2 } },
      { inputs: [lengths([])], params: { time: 5 } },
    ],
    errors: [
      {
        inputs: [lengths([1, 4])],
        params: { time: 3 },
        message:
          /sequenceMask\(\[2\]\): a length must be a whole number from 0 to 3, because the sequences have 3 steps; length 1 is 4/,
      },
      { inputs: [lengths([-1])], params: { time: 1 }, message: /from 0 to 1, .* 1 step; length 0 is -1/ },
      { inputs: [lengths([0.5])], params: { time: 3 }, message: /length 0 is 0.5/ },
      { inputs: [lengths([Number.NaN])], params: { time: 3 }, message: /length 0 is NaN/ },
      { inputs: [{ shape: [2, 1] }], params: { time: 3 }, message: /needs lengths \[n\]/ },
      { inputs: [lengths([1])], params: { time: -1 }, message: /time must be a whole number ≥ 0, got -1/ },
    ],
  },
};
