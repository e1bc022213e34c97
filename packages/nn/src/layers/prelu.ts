import { check, full, noMore, Parameter, ranges, resolveOptions, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { within } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { prelu } from "../ops/prelu.ts";
import type { HasWidths, Kept } from "../widths.ts";
import { checkChannels } from "./channels.ts";

/**
 * Parametric ReLU: x where x > 0, else slope·x, with a learned slope: one for all, or one for each channel. Use no weight
 * decay for the slopes: it would move them to 0.
 *
 * Training and evaluation are the same.
 * Shapes: [N, ..., channels], or any for one slope; unchanged.
 * He et al. 2015, Delving Deep into Rectifiers, eq. 1.
 *
 * @param channels number of slopes: 1 for all units (the default) or the size of the last axis.
 * @example new PReLU(16);
 */
export class PReLU implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => PReLU);
  declare readonly "~widths"?: Kept;
  readonly slope: Parameter;

  constructor(
    channels = 1,
    options: {
      /** Initial slope, finite. Default 0.25, the paper's and PyTorch's (Keras has 0). */
      readonly init?: number;
    } = {},
    ...extra: readonly undefined[]
  ) {
    noMore("PReLU", "channels, options", extra);
    check("PReLU", "channels", channels, ranges.positiveCount);
    const { init } = resolveOptions<Required<typeof options>>(
      "PReLU",
      options,
      { init: 0.25 },
      { init: ranges.finite },
    );
    this.slope = within(`PReLU(${channels})`, () => new Parameter(full([channels], init)));
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const channels = this.slope.size;
    if (channels > 1) checkChannels(this, x.shape, channels, "...");
    return prelu(x, this.slope);
  }

  toString(): string {
    return `PReLU(${this.slope.size})`;
  }
}
