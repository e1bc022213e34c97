import { type Shape, tensor, zeros } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/attention.ts";
import type { AttentionParams } from "../../src/ops/attention.ts";

const mask = (values: number[][]): AttentionParams => ({ mask: tensor(values) });

/** The shapes of q and k, and params: one key, one query, masks that hide whole rows, unequal numbers, empty and broadcast axes. */
const cases: readonly (readonly [q: Shape, k: Shape, params?: AttentionParams])[] = [
  [
    [3, 2],
    [4, 2],
  ],
  [
    [3, 2],
    [1, 2],
  ],
  [[1, 3], [4, 3], { causal: true }],
  [[3, 2], [3, 2], { causal: true }],
  [[2, 3, 2], [2, 5, 2], { causal: true }],
  [[5, 2], [3, 2], { causal: true }],
  [[2, 3, 2], [3, 2], mask([[1, 0, 1], [0, 0, 0], [1, 1, 1]])], // biome-ignore format: rows of a mask
  [[2, 2], [3, 2], { ...mask([[0, 1, 1], [1, 1, 0]]), causal: true }], // biome-ignore format: rows of a mask
  [[2, 2, 2], [2, 3, 2], { mask: tensor([[[1, 1, 0]], [[0, 0, 0]]]) }],
  [[2, 1, 2, 1], [3, 2, 1], { mask: tensor([[1], [0]]) }],
  [[0, 2, 2], [0, 3, 2], { causal: true }],
  [
    [2, 2],
    [0, 2],
  ],
  [[2, 2], [0, 2], { mask: zeros([2, 0]) }],
  [[0, 2], [3, 2], { causal: true }],
  [
    [2, 0],
    [3, 0],
  ],
];

function samples(values: boolean): Sample<AttentionParams>[] {
  return cases.map(([q, k, params], i) => {
    const v = k.with(-1, 1 + (i % 3));
    return { inputs: [q, k, ...(values ? [v] : [])].map((shape) => ({ shape })), params };
  });
}

function errors(values: boolean): ErrorSample<AttentionParams>[] {
  const refused = (
    q: Shape,
    k: Shape,
    message: RegExp,
    params?: AttentionParams,
  ): ErrorSample<AttentionParams> => ({
    inputs: [q, k, ...(values ? [k] : [])].map((shape) => ({ shape })),
    params,
    message,
  });
  const wrong = (value: number): AttentionParams => mask([[1, value, 0]]);
  return [
    refused([2, 3], [4, 2], /\(\[2,3\], \[4,2\].*\): a query has 3 features, but a key 2$/),
    refused([3], [4, 3], /: q must be \[\.\.\., positions, features\], got \[3\]$/),
    refused([2, 3], [3], /: k must be \[\.\.\., positions, features\], got \[3\]$/),
    refused([2, 4, 3], [3, 4, 3], /shapes do not broadcast: 2 vs 3 at axis -3/),
    refused([2, 1], [3, 1], /mask \[3,2\] does not broadcast to \[\.\.\., queries, keys\], \[2,3\]$/, {
      mask: zeros([3, 2]),
    }),
    refused([2, 1], [3, 1], /mask \[1,2,3\] does not broadcast to .*, \[2,3\]$/, { mask: zeros([1, 2, 3]) }),
    refused([1, 1], [3, 1], /mask \[4,3\] does not broadcast to .*, \[1,3\]$/, { mask: zeros([4, 3]) }),
    refused(
      [2, 1],
      [3, 1],
      /a mask has 1 where a key is seen or a step counts, and 0 elsewhere, got 0.5$/,
      wrong(0.5),
    ),
    refused([2, 1], [3, 1], /mask must be a tensor, got \[\[1,0,1\]\]/, { mask: [[1, 0, 1]] as never }),
    refused([2, 1], [3, 1], /causal must be true or false, got 1/, { causal: 1 as never }),
    refused([2, 1], [3, 1], /unknown param "is_causal"; did you mean "causal"/, { is_causal: true } as never),
  ];
}

export const attention: SamplesOf<typeof family> = {
  attentionWeights: { samples: samples(false), errors: errors(false) },
  scaledDotProductAttention: {
    samples: [
      ...samples(true),
      // The values have a batch, the weights have none; and the other way round.
      { inputs: [{ shape: [2, 2] }, { shape: [3, 2] }, { shape: [2, 3, 1] }], params: { causal: true } },
      { inputs: [{ shape: [2, 2, 2] }, { shape: [1, 3, 2] }, { shape: [3, 1] }], params: mask([[0, 0, 0], [1, 0, 1]]) }, // biome-ignore format: one line
    ],
    errors: [
      ...errors(true),
      {
        inputs: [{ shape: [2, 3] }, { shape: [4, 3] }, { shape: [5, 3] }],
        message: /scaledDotProductAttention\(\[2,3\], \[4,3\], \[5,3\]\): there are 4 keys, but 5 values/,
      },
      {
        inputs: [{ shape: [2, 3] }, { shape: [4, 3] }, { shape: [4] }],
        message: /: v must be \[\.\.\., positions, features\], got \[4\]/,
      },
    ],
  },
};
