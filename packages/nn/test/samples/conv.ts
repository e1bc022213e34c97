import type { Shape } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/conv.ts";
import type { ConvTranspose2dParams } from "../../src/ops/conv.ts";

function call(x: Shape, weight: Shape, params?: ConvTranspose2dParams): Sample<ConvTranspose2dParams> {
  return { inputs: [{ shape: x }, { shape: weight }], params };
}

function refused(
  x: Shape,
  weight: Shape,
  params: ConvTranspose2dParams | undefined,
  message: RegExp,
): ErrorSample<ConvTranspose2dParams> {
  return { ...call(x, weight, params), message };
}

/** Params that every op of images with a stride, a padding, a dilation and groups refuses. */
export function badSteps(x: Shape, weight: Shape): ErrorSample<ConvTranspose2dParams>[] {
  return [
    refused(x, weight, { stride: 0 }, /stride must be a whole number ≥ 1 or a pair .* of them, got 0/),
    refused(
      x,
      weight,
      { stride: [1, 0.5] },
      /stride must be a whole number ≥ 1 or a pair .*, got \[1, ?0.5\]/,
    ),
    refused(x, weight, { stride: [1] as never }, /stride must be .* or a pair \[height, width\]/),
    refused(x, weight, { padding: -1 }, /padding must be a whole number ≥ 0 or a pair .*, got -1/),
    refused(x, weight, { padding: "full" as never }, /padding must be .*, or "same" or "valid", got "full"/),
    refused(x, weight, { dilation: 0 }, /dilation must be a whole number ≥ 1/),
    refused(x, weight, { groups: 0 }, /groups must be a whole number ≥ 1, got 0/),
    refused(x, weight, { groups: 1.5 }, /groups must be a whole number ≥ 1, got 1.5/),
  ];
}

export const conv: SamplesOf<typeof family> = {
  conv2d: {
    samples: [
      call([2, 4, 5, 2], [3, 2, 2, 3]),
      call([1, 5, 6, 1], [2, 3, 1, 2], { stride: [2, 3] }), // 2 does not divide 5 − 2
      call([1, 5, 4, 2], [3, 3, 2, 2], { padding: 1, stride: 2 }),
      call([1, 4, 3, 1], [3, 2, 1, 2], { padding: [2, 0] }),
      call([1, 4, 5, 1], [2, 4, 1, 2], { padding: "same" }), // even: the odd zero comes at the end
      call([1, 5, 4, 1], [2, 3, 1, 1], { padding: "same", stride: [3, 2] }),
      call([1, 6, 5, 1], [3, 2, 1, 2], { dilation: [2, 3] }),
      call([1, 5, 5, 1], [3, 3, 1, 1], { dilation: 2, padding: "same" }),
      call([1, 3, 3, 4], [2, 2, 2, 6], { groups: 2 }),
      call([2, 3, 3, 3], [2, 2, 1, 3], { groups: 3, padding: 1 }), // depthwise
      call([1, 3, 3, 2], [2, 2, 1, 4], { groups: 2, stride: 2, padding: "same" }),
      call([1, 1, 1, 1], [1, 1, 1, 1]),
      call([2, 3, 2, 3], [1, 1, 3, 2]),
      call([1, 4, 4, 1], [4, 4, 1, 2], { padding: "valid" }),
      call([0, 4, 4, 2], [3, 3, 2, 1]),
      call([1, 3, 3, 0], [2, 2, 0, 2]),
      call([1, 3, 3, 2], [2, 2, 2, 0]),
    ],
    errors: [
      refused(
        [4, 5, 2],
        [3, 3, 2, 1],
        undefined,
        /conv2d\(.*: x must be images .*; unsqueeze\(\{ axis: 0 \}\) makes one image a batch/,
      ),
      refused([4, 5], [3, 3, 2, 1], undefined, /x must be images \[n, height, width, channels\]$/),
      refused([1, 4, 5, 2], [3, 3, 2], undefined, /the weight must be \[kh, kw, c\/groups, out\]/),
      refused([1, 5, 5, 2], [3, 3, 4, 2], undefined, /x has 2 channels, but the weight is for 4$/),
      refused([1, 5, 5, 2], [3, 3, 2, 2], { groups: 2 }, /2 channels, but the weight in 2 groups is for 4$/),
      refused(
        [2, 1, 28, 28],
        [5, 5, 1, 8],
        undefined,
        /28 channels, .* for 1; channels are the last axis here: permute\(x/,
      ),
      refused([2, 3, 8, 9], [5, 5, 3, 8], undefined, /9 channels, .* for 3; channels are the last axis here/),
      refused(
        [1, 9, 9, 2],
        [8, 2, 3, 3],
        undefined,
        /permute\(weight, \{ axes: \[2, 3, 1, 0\] \}\) turns PyTorch's/,
      ),
      refused(
        [1, 4, 5, 2],
        [3, 3, 1, 3],
        { groups: 2 },
        /groups must divide the number of output channels, got 2 and 3/,
      ),
      refused(
        [1, 2, 5, 1],
        [3, 3, 1, 1],
        undefined,
        /the kernel spans 3 along the height, the padded image 2$/,
      ),
      refused(
        [1, 5, 2, 1],
        [3, 3, 1, 1],
        { dilation: 2, padding: [0, 1] },
        /spans 5 along the width, the padded image 4$/,
      ),
      refused([1, 5, 5, 1], [0, 3, 1, 1], undefined, /the kernel has size 0 along the height/),
      ...badSteps([1, 5, 5, 1], [3, 3, 1, 1]),
    ],
  },
  convTranspose2d: {
    samples: [
      call([2, 2, 3, 3], [3, 2, 2, 3]),
      call([1, 2, 2, 2], [2, 2, 1, 2], { stride: 2 }),
      call([1, 3, 2, 1], [3, 3, 2, 1], { stride: 2, padding: 1, outputPadding: 1 }),
      call([1, 2, 3, 1], [2, 3, 1, 1], { stride: [3, 2], padding: [1, 0], outputPadding: [2, 0] }),
      call([1, 2, 3, 1], [4, 3, 2, 1], { stride: 2, padding: "same" }),
      call([1, 3, 2, 2], [1, 2, 1, 2], { stride: 3, padding: "same" }), // the kernel is smaller than the stride
      call([1, 2, 2, 1], [3, 2, 2, 1], { dilation: [2, 3], padding: "valid" }),
      call([1, 2, 2, 4], [2, 2, 3, 4], { groups: 2 }),
      call([1, 2, 2, 3], [2, 2, 1, 3], { groups: 3, stride: 2 }), // depthwise
      call([1, 1, 1, 1], [1, 1, 1, 1]),
      call([0, 2, 2, 2], [3, 3, 1, 2]),
      call([1, 2, 2, 0], [2, 2, 1, 0]),
    ],
    errors: [
      ...([
        refused([4, 5, 2], [3, 3, 1, 2], undefined, /convTranspose2d\(.*: y must be images .*unsqueeze/),
        refused([1, 4, 5, 2], [3, 3, 2], undefined, /the weight must be \[kh, kw, out\/groups, in\]/),
        refused([1, 5, 5, 2], [3, 3, 2, 4], undefined, /y has 2 channels, but the weight is for 4$/),
        refused(
          [2, 3, 8, 9],
          [5, 5, 8, 3],
          undefined,
          /9 channels, .* for 3; channels are the last axis here/,
        ),
        refused(
          [1, 4, 5, 3],
          [3, 3, 1, 3],
          { groups: 2 },
          /groups must divide .* channels of y, got 2 and 3/,
        ),
        refused(
          [1, 1, 1, 1],
          [3, 3, 1, 1],
          { padding: 2 },
          /the padding leaves nothing .* along the height: size -1/,
        ),
        refused([1, 2, 2, 1], [0, 3, 1, 1], undefined, /the kernel has size 0 along the height/),
        refused([1, 2, 2, 1], [3, 3, 1, 1], { outputPadding: 1 }, /less than the stride, got 1 and 1/),
        refused(
          [1, 2, 2, 1],
          [3, 3, 1, 1],
          { outputPadding: -1 },
          /outputPadding must be a whole number ≥ 0/,
        ),
        refused(
          [1, 2, 2, 1],
          [3, 3, 1, 1],
          { stride: 2, padding: "same", outputPadding: 1 },
          /a padding in numbers/,
        ),
      ] satisfies ErrorSample<ConvTranspose2dParams>[]),
      ...badSteps([1, 5, 5, 1], [3, 3, 1, 1]),
    ],
  },
};
