import type { LossParams } from "../../src/ops/loss-reduction.ts";
import type { Domain, ErrorSample, Sample } from "../../src/testing/index.ts";

const REDUCTIONS: readonly LossParams[] = [
  { reduction: "mean" },
  { reduction: "sum" },
  { reduction: "none" },
];

/** Samples of a loss of two tensors of one shape. */
export function pairSamples<P>(first: Domain, second: Domain, extra: object = {}): Sample<P>[] {
  const shapes = [[], [1], [3], [2, 3]];
  const pair = (shape: readonly number[], params: object): Sample<P> => ({
    inputs: [
      { shape, ...first },
      { shape, ...second },
    ],
    params: { ...params, ...extra } as P,
  });
  return [
    ...shapes.flatMap((shape) => REDUCTIONS.map((params) => pair(shape, params))),
    pair([0], { reduction: "sum" }),
    pair([2, 0], { reduction: "none" }),
  ];
}

/** What every loss of two tensors must refuse. */
export function pairErrors(): ErrorSample<LossParams>[] {
  return [
    { inputs: [{ shape: [3] }, { shape: [3, 1] }], message: /prediction \[3\] and target \[3,1\] differ/ },
    {
      inputs: [{ shape: [3] }, { shape: [3] }],
      params: { reduction: "average" } as unknown as LossParams,
      message: /reduction must be "mean" or "sum" or "none", got "average"/,
    },
  ];
}
