import type { ErrorSample } from "../../src/testing/index.ts";

/** What every op of two broadcast tensors must refuse. */
export function notBroadcastable(): ErrorSample<never>[] {
  return [
    {
      inputs: [{ shape: [2, 3] }, { shape: [2] }],
      message: /\(\[2,3\], \[2\]\): shapes do not broadcast: 3 vs 2 at axis -1/,
    },
    { inputs: [{ shape: [4, 3] }, { shape: [2, 3] }], message: /4 vs 2 at axis -2/ },
  ];
}
