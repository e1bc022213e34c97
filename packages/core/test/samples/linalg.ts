import type * as family from "../../src/ops/linalg.ts";
import { type SamplesOf, sample } from "../../src/testing/index.ts";

export const linalg: SamplesOf<typeof family> = {
  outer: {
    samples: [
      sample([[2], [3]]),
      sample([[1], [1]]),
      sample([[3], [1]]),
      sample([[0], [2]]),
      sample([[2], [0]]),
    ],
    errors: [
      { inputs: [{ shape: [2] }, { shape: [2, 2] }], message: /outer\(\[2\], \[2,2\]\): needs two vectors/ },
    ],
  },
};
