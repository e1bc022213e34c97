import {
  ArgumentError,
  check,
  noMore,
  ones,
  Parameter,
  ranges,
  resolveOptions,
  type Tensor,
  zeros,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { groupNorm } from "../ops/group-norm.ts";
import type { HasWidths, Widths } from "../widths.ts";
import { checkChannels } from "./channels.ts";

/**
 * Group normalisation: each group of channels of each sample is normalised to mean 0 and variance 1, over its channels and
 * all positions, with a learned scale and shift for each channel.
 *
 * Training and evaluation are the same: nothing depends on the batch.
 * Shapes: [N, ..., channels], unchanged; scale and shift [channels], which start at 1 and 0.
 * Wu & He 2018, Group Normalization.
 *
 * @param groups number of groups, ≥ 1; it divides `channels`.
 * @param channels number of channels, ≥ 1: the last axis.
 * @example new GroupNorm(4, 16).forward(images); // [32, 28, 28, 16]
 */
export class GroupNorm<const C extends number = number> implements Layer, HasWidths<Widths<C, "kept">> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => GroupNorm);
  declare readonly "~widths"?: Widths<C, "kept">;
  readonly groups: number;
  readonly scale: Parameter;
  readonly shift: Parameter;
  readonly epsilon: number;

  constructor(
    groups: number,
    channels: C,
    options: {
      /** Added to the variance under the root, finite, ≥ 0. Default 1e-5, as in PyTorch (Keras has 1e-3). */
      readonly epsilon?: number;
    } = {},
    ...extra: readonly undefined[]
  ) {
    noMore("GroupNorm", "groups, channels, options", extra);
    check("GroupNorm", "groups", groups, ranges.positiveCount);
    check("GroupNorm", "channels", channels, ranges.positiveCount);
    if (channels % groups !== 0) {
      throw new ArgumentError(
        `GroupNorm: groups must divide the number of channels, got ${groups} and ${channels}`,
      );
    }
    const { epsilon } = resolveOptions<Required<typeof options>>(
      "GroupNorm",
      options,
      { epsilon: 1e-5 },
      { epsilon: ranges.nonNegative },
    );
    this.groups = groups;
    this.scale = new Parameter(ones([channels]));
    this.shift = new Parameter(zeros([channels]));
    this.epsilon = epsilon;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checkChannels(this, x.shape, this.scale.size, "...");
    return groupNorm(x, this.scale, this.shift, { groups: this.groups, epsilon: this.epsilon });
  }

  toString(): string {
    const options = this.epsilon === 1e-5 ? "" : `, epsilon=${this.epsilon}`;
    return `GroupNorm(${this.groups}, ${this.scale.size}${options})`;
  }
}
