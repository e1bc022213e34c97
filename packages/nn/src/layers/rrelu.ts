import { check, leakyRelu, noMore, ranges, resolveOptions, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";
import { rrelu } from "../ops/rrelu.ts";
import type { HasWidths, Kept } from "../widths.ts";

/**
 * Randomised leaky ReLU: a leaky ReLU with random slopes, against overfitting.
 *
 * Training: x where x > 0, else a·x with a ~ U(lower, upper) for each element.
 * Evaluation: x where x > 0, else x·(lower + upper)/2.
 * Shapes: any, unchanged.
 * Xu et al. 2015, Empirical Evaluation of Rectified Activations in Convolutional Network, §2.4. The paper
 * draws 1/a from U(3, 8) and evaluates with 1/5.5.
 *
 * @example new RReLU({ lower: 0.1, upper: 0.3 });
 */
export class RReLU implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => RReLU);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  declare readonly "~widths"?: Kept;
  readonly lower: number;
  readonly upper: number;

  constructor(
    options: {
      /** The smallest slope, finite. Default 1/8, as in PyTorch. */
      readonly lower?: number;
      /** The largest slope, finite, ≥ lower. Default 1/3, as in PyTorch. */
      readonly upper?: number;
    } = {},
    ...extra: readonly undefined[]
  ) {
    noMore("RReLU", "options", extra);
    const { lower, upper } = resolveOptions<Required<typeof options>>(
      "RReLU",
      options,
      { lower: 1 / 8, upper: 1 / 3 },
      { lower: ranges.finite, upper: ranges.finite },
    );
    check("RReLU", "lower and upper", [lower, upper], ranges.interval);
    this.lower = lower;
    this.upper = upper;
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const { lower, upper } = this;
    const rng = trainingRng(mode, this);
    return rng === null ? leakyRelu(x, { slope: (lower + upper) / 2 }) : rrelu(x, { lower, upper, rng });
  }

  toString(): string {
    return `RReLU(lower=${this.lower}, upper=${this.upper})`;
  }
}
