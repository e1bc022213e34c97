import type { Shape } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/pool.ts";
import type { Pool1dParams, Pool2dParams } from "../../src/ops/pool.ts";

function call<P>(shape: Shape, params: P): Sample<P> {
  return { inputs: [{ shape }], params };
}

const images: readonly Sample<Pool2dParams>[] = [
  call([2, 4, 6, 2], { kernel: 2 }),
  call([1, 5, 7, 1], { kernel: [2, 3] }), // 2 does not divide 5
  call([1, 5, 5, 2], { kernel: 3, stride: 1 }), // overlapping
  call([1, 5, 4, 1], { kernel: 3, stride: 2, padding: 1 }),
  call([1, 4, 5, 1], { kernel: [2, 3], stride: [1, 2], padding: [1, 0] }),
  call([1, 5, 4, 2], { kernel: 2, padding: "same" }),
  call([1, 5, 6, 1], { kernel: [3, 4], stride: 2, padding: "same" }),
  call([2, 3, 2, 1], { kernel: 1 }),
  call([1, 3, 4, 2], { kernel: [3, 4], padding: "valid" }),
  call([1, 5, 5, 1], { kernel: 2, stride: 3 }), // pixels between the positions
  call([0, 4, 4, 2], { kernel: 2 }),
  call([1, 2, 2, 0], { kernel: 2 }),
];

const sequences: readonly Sample<Pool1dParams>[] = [
  call([2, 6, 2], { kernel: 2 }),
  call([1, 7, 1], { kernel: 3 }),
  call([1, 6, 2], { kernel: 3, stride: 1 }),
  call([1, 6, 1], { kernel: 3, stride: 2, padding: 1 }),
  call([1, 5, 2], { kernel: 2, padding: "same" }),
  call([1, 4, 1], { kernel: 4, padding: "valid" }),
  call([2, 3, 1], { kernel: 1 }),
  call([0, 4, 2], { kernel: 2 }),
];

function imageErrors(name: string): ErrorSample<Pool2dParams>[] {
  return [
    { ...call([4, 5, 2], { kernel: 2 }), message: /x must be images .*unsqueeze\(\{ axis: 3 \}\)/ },
    { ...call([4], { kernel: 2 }), message: /x must be images \[n, height, width, channels\]$/ },
    {
      ...call([1, 3, 3, 1], { kernel: 4 }),
      message: new RegExp(`${name}\\(\\[1,3,3,1\\]\\): the kernel spans 4`),
    },
    {
      ...call([8, 1, 28, 28], { kernel: 2 }),
      message: /spans 2 .* channels are the last axis here: permute\(x/,
    },
    {
      ...call([1, 4, 4, 1], { kernel: 2, padding: 2 }),
      message: /padding must be at most half the kernel, got 2 and 2/,
    },
    {
      ...call([1, 4, 4, 1], { kernel: [4, 2], padding: 2 }),
      message: /at most half the kernel, got 2 and 2/,
    },
    { ...call([1, 4, 4, 1], { kernel: 0 }), message: /kernel must be a whole number ≥ 1 or a pair/ },
    {
      ...call([1, 4, 4, 1], { kernel: 2, stride: 0 }),
      message: /stride must be a whole number ≥ 1 or a pair/,
    },
    {
      ...call([1, 4, 4, 1], { kernel: 2, stride: [1, 1.5] }),
      message: /stride must be a whole number ≥ 1 or a pair/,
    },
    {
      ...call([1, 4, 4, 1], { kernel: 2, padding: -1 }),
      message: /padding must be a whole number ≥ 0 or a pair/,
    },
    { ...call([1, 4, 4, 1], {} as never), message: /param "kernel" is missing/ },
  ];
}

function sequenceErrors(name: string): ErrorSample<Pool1dParams>[] {
  return [
    { ...call([4, 5], { kernel: 2 }), message: /x must be sequences .*x.unsqueeze\(\{ axis: 2 \}\)/ },
    { ...call([1, 4, 5, 1], { kernel: 2 }), message: /x must be sequences \[n, time, channels\]$/ },
    {
      ...call([1, 3, 1], { kernel: 4 }),
      message: new RegExp(`${name}\\(\\[1,3,1\\]\\): the kernel spans 4 along the time`),
    },
    {
      ...call([1, 4, 1], { kernel: 3, padding: 2 }),
      message: /padding must be at most half the kernel, got 2 and 3/,
    },
    { ...call([1, 4, 1], { kernel: 0.5 }), message: /kernel must be a whole number ≥ 1, got 0.5/ },
    { ...call([1, 4, 1], { kernel: 2, stride: 0 }), message: /stride must be a whole number ≥ 1, got 0/ },
  ];
}

export const pool: SamplesOf<typeof family> = {
  maxPool2d: { samples: images, errors: imageErrors("maxPool2d") },
  maxPool1d: { samples: sequences, errors: sequenceErrors("maxPool1d") },
  avgPool2d: {
    samples: [
      ...images,
      call([1, 5, 4, 2], { kernel: 3, stride: 2, padding: 1, countIncludePad: false }),
      call([1, 5, 6, 1], { kernel: [3, 4], stride: 2, padding: "same", countIncludePad: false }),
    ],
    errors: [
      ...imageErrors("avgPool2d"),
      {
        ...call([1, 4, 4, 1], { kernel: 2, countIncludePad: 1 as never }),
        message: /countIncludePad must be true or false/,
      },
    ],
  },
  avgPool1d: {
    samples: [...sequences, call([1, 6, 1], { kernel: 3, stride: 2, padding: 1, countIncludePad: false })],
    errors: sequenceErrors("avgPool1d"),
  },
};
