import type { Shape } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/conv1d.ts";
import type { Conv1dParams, ConvTranspose1dParams } from "../../src/ops/conv1d.ts";

function call(x: Shape, weight: Shape, params?: Conv1dParams): Sample<Conv1dParams> {
  return { inputs: [{ shape: x }, { shape: weight }], params };
}

function transposed(x: Shape, weight: Shape, params: ConvTranspose1dParams): Sample<ConvTranspose1dParams> {
  return { inputs: [{ shape: x }, { shape: weight }], params };
}

function refused(
  x: Shape,
  weight: Shape,
  params: Conv1dParams | undefined,
  message: RegExp,
): ErrorSample<Conv1dParams> {
  return { ...call(x, weight, params), message };
}

export const conv1d: SamplesOf<typeof family> = {
  conv1d: {
    samples: [
      call([2, 5, 2], [3, 2, 3]),
      call([1, 8, 1], [3, 1, 2], { stride: 2 }),
      call([1, 5, 2], [2, 2, 2], { padding: "same" }),
      call([2, 4, 1], [3, 1, 1], { padding: 2 }),
      call([1, 7, 2], [3, 2, 1], { dilation: 3 }),
      call([1, 6, 1], [3, 1, 2], { dilation: 2, stride: 2, padding: "same" }),
      call([1, 4, 4], [2, 2, 6], { groups: 2 }),
      call([2, 4, 3], [3, 1, 3], { groups: 3, padding: 1 }),
      call([1, 1, 1], [1, 1, 1]),
      call([0, 4, 2], [3, 2, 1], { padding: "valid" }),
    ],
    errors: [
      refused(
        [4, 5],
        [3, 5, 1],
        undefined,
        /x must be sequences \[n, time, channels\]; .* x.unsqueeze\(\{ axis: 2 \}\)/,
      ),
      refused([1, 4, 5, 2], [3, 2, 1], undefined, /x must be sequences \[n, time, channels\]$/),
      refused([1, 4, 2], [1, 3, 2, 1], undefined, /the weight must be \[k, c\/groups, out\]/),
      refused([1, 4, 2], [3, 3, 1], undefined, /x has 2 channels, but the weight is for 3$/),
      refused(
        [1, 3, 9],
        [3, 3, 1],
        undefined,
        /permute\(x, \{ axes: \[0, 2, 1\] \}\) turns \[n, c, time\] into \[n, time, c\]/,
      ),
      refused(
        [1, 4, 4],
        [3, 2, 3],
        { groups: 2 },
        /groups must divide the number of output channels, got 2 and 3/,
      ),
      refused([1, 2, 1], [3, 1, 1], undefined, /the kernel spans 3 along the time, the padded image 2$/),
      refused([1, 2, 1], [0, 1, 1], undefined, /the kernel has size 0 along the time/),
      refused([1, 5, 1], [3, 1, 1], { stride: 0 }, /stride must be a whole number ≥ 1, got 0/),
      refused([1, 5, 1], [3, 1, 1], { stride: [1, 1] as never }, /stride must be a whole number ≥ 1, got/),
      refused(
        [1, 5, 1],
        [3, 1, 1],
        { padding: 0.5 },
        /padding must be a whole number ≥ 0, or "same" or "valid"/,
      ),
      refused([1, 5, 1], [3, 1, 1], { dilation: -1 }, /dilation must be a whole number ≥ 1/),
      refused([1, 5, 1], [3, 1, 1], { groups: 0 }, /groups must be a whole number ≥ 1/),
    ],
  },
  convTranspose1d: {
    samples: [
      call([2, 4, 3], [3, 2, 3]),
      call([1, 3, 2], [2, 2, 2], { stride: 2 }),
      transposed([1, 4, 2], [3, 1, 2], { stride: 3, padding: 1, outputPadding: 2 }),
      call([1, 3, 1], [4, 2, 1], { stride: 2, padding: "same" }),
      call([1, 3, 2], [2, 1, 2], { stride: 3, padding: "same" }),
      call([1, 3, 1], [3, 2, 1], { dilation: 2, padding: "valid" }),
      call([1, 3, 4], [2, 3, 4], { groups: 2 }),
      call([1, 1, 1], [1, 1, 1]),
      call([0, 3, 2], [3, 1, 2]),
    ],
    errors: [
      refused([4, 2], [3, 1, 2], undefined, /convTranspose1d\(.*: y must be sequences .*y.unsqueeze/),
      refused([1, 4, 2], [1, 3, 1, 2], undefined, /the weight must be \[k, out\/groups, in\]/),
      refused([1, 3, 9], [3, 1, 3], undefined, /permute\(y, \{ axes: \[0, 2, 1\] \}\)/),
      refused([1, 4, 3], [3, 1, 3], { groups: 2 }, /groups must divide .* channels of y, got 2 and 3/),
      refused([1, 1, 1], [3, 1, 1], { padding: 2 }, /leaves nothing of the image along the time: size -1/),
      {
        ...transposed([1, 2, 1], [3, 1, 1], { outputPadding: 1 }),
        message: /less than the stride, got 1 and 1/,
      },
      {
        ...transposed([1, 2, 1], [3, 1, 1], { outputPadding: -1 }),
        message: /outputPadding must be a whole number ≥ 0/,
      },
    ],
  },
};
