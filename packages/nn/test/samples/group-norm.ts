import type { Shape } from "@gradus/core";
import type { ErrorSample, Sample, SamplesOf } from "@gradus/core/testing";
import type * as family from "../../src/ops/group-norm.ts";
import type { GroupNormParams } from "../../src/ops/group-norm.ts";

function call(
  x: Shape,
  params: GroupNormParams,
  channels: number = x[x.length - 1],
): Sample<GroupNormParams> {
  return { inputs: [{ shape: x }, { shape: [channels] }, { shape: [channels] }], params };
}

function refused(sample: Sample<GroupNormParams>, message: RegExp): ErrorSample<GroupNormParams> {
  return { ...sample, message };
}

export const groupNorm: SamplesOf<typeof family> = {
  groupNorm: {
    samples: [
      call([2, 2, 3, 4], { groups: 2 }),
      call([1, 3, 2, 2], { groups: 1 }),
      call([2, 3, 2], { groups: 2 }),
      call([2, 6], { groups: 2 }),
      call([1, 2, 2, 3], { groups: 3, epsilon: 0.1 }),
      call([2, 3, 1], { groups: 1, epsilon: 0.5 }),
      call([1, 1, 1, 4], { groups: 2, epsilon: 0.01 }),
      call([0, 2, 2, 2], { groups: 2 }),
    ],
    errors: [
      refused(call([4], { groups: 2 }), /groupNorm\(.*x needs a batch and a channel axis/),
      refused(call([2, 4], { groups: 2 }, 3), /scale and shift must have the shape \[4\] of the channels/),
      refused(call([2, 4, 3], { groups: 1 }, 4), /must have the shape \[3\] of the channels/),
      refused(call([2, 4], { groups: 3 }), /groups must divide the number of channels, got 3 and 4/),
      refused(call([2, 4], { groups: 0 }), /groups must be a whole number ≥ 1, got 0/),
      refused(call([2, 4], { groups: 1, epsilon: -1 }), /epsilon must be a finite number ≥ 0/),
      refused(call([2, 4], {} as never), /param "groups" is missing/),
    ],
  },
};
