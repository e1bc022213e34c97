import { check, noMore, ranges, resolveOptions, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";
import { alphaDropout, type FixedPoint, featureAlphaDropout, meanAndVariance } from "../ops/alpha-dropout.ts";
import type { HasWidths, Kept } from "../widths.ts";

/** Options of {@link AlphaDropout} and {@link FeatureAlphaDropout}. */
export interface AlphaDropoutOptions {
  /** Mean and variance of the input, which are kept. Default [0, 1], those of a self-normalizing net. */
  readonly fixedPoint?: FixedPoint;
}

/**
 * Dropout for SELU nets: keeps the mean and variance of the units. A dropped unit becomes α′ = −λα ≈ −1.7581, the limit
 * of SELU for x → −∞, not 0.
 *
 * Training: each unit becomes α′ with probability p; then all go through a·x + b, where with q = 1 − p
 *
 *     a = (q + α′²·q·p)^(−1/2),   b = −a·p·α′
 *
 * so that a dropped unit becomes a·α′ + b. The masks differ from step to step and repeat with the seed. Mean and variance
 * are kept only if those of the input are `fixedPoint`: after SELU, not after ReLU.
 *
 * Evaluation: the identity.
 * Shapes: any, unchanged.
 * Klambauer et al. 2017, Self-Normalizing Neural Networks, section "New Dropout Technique"; λ and α are its eq. 14.
 *
 * @param p probability that a unit is dropped (not kept), in [0, 1]; the paper advises 0.05 or 0.1. 0 is the
 *   identity, 1 gives zeros.
 * @param options `fixedPoint`: see {@link AlphaDropoutOptions}.
 * @example new Sequential(new Dense(784, 512, { rng }), new SELU(), new AlphaDropout(0.05));
 */
export class AlphaDropout implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => AlphaDropout);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  declare readonly "~widths"?: Kept;
  readonly p: number;
  readonly fixedPoint: FixedPoint;

  constructor(p: number, options: AlphaDropoutOptions = {}, ...extra: readonly undefined[]) {
    noMore("AlphaDropout", "p, options", extra);
    check("AlphaDropout", "p", p, ranges.unit);
    this.p = p;
    this.fixedPoint = fixedPointOf("AlphaDropout", options);
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const rng = trainingRng(mode, this);
    return rng === null ? x : alphaDropout(x, { p: this.p, fixedPoint: this.fixedPoint, rng });
  }

  toString(): string {
    return `AlphaDropout(${this.p}${formatFixedPoint(this.fixedPoint)})`;
  }
}

/**
 * {@link AlphaDropout} of whole channels: neighbouring positions of a channel have nearly the same values, so dropping
 * single positions changes little.
 *
 * Training: as AlphaDropout, with one draw for each channel of each sample.
 * Evaluation: the identity.
 * Shapes: [N, ..., C], unchanged.
 * Klambauer et al. 2017, Self-Normalizing Neural Networks, with the channel-wise mask of Tompson et al. 2015, Efficient Object
 * Localization Using Convolutional Networks.
 *
 * @param p probability that a channel is dropped, in [0, 1].
 * @param options `fixedPoint`: see {@link AlphaDropoutOptions}.
 * @example new FeatureAlphaDropout(0.1).forward(x, { train: true, rng }); // x [8, 28, 28, 16]
 */
export class FeatureAlphaDropout implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => FeatureAlphaDropout);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  declare readonly "~widths"?: Kept;
  readonly p: number;
  readonly fixedPoint: FixedPoint;

  constructor(p: number, options: AlphaDropoutOptions = {}, ...extra: readonly undefined[]) {
    noMore("FeatureAlphaDropout", "p, options", extra);
    check("FeatureAlphaDropout", "p", p, ranges.unit);
    this.p = p;
    this.fixedPoint = fixedPointOf("FeatureAlphaDropout", options);
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checks.input?.(this, x.rank >= 2, x.shape, "[N, ..., C]");
    const rng = trainingRng(mode, this);
    return rng === null ? x : featureAlphaDropout(x, { p: this.p, fixedPoint: this.fixedPoint, rng });
  }

  toString(): string {
    return `FeatureAlphaDropout(${this.p}${formatFixedPoint(this.fixedPoint)})`;
  }
}

function fixedPointOf(who: string, options: AlphaDropoutOptions): FixedPoint {
  const defaults: Required<AlphaDropoutOptions> = { fixedPoint: [0, 1] };
  return resolveOptions<Required<AlphaDropoutOptions>>(who, options, defaults, {
    fixedPoint: meanAndVariance,
  }).fixedPoint;
}

function formatFixedPoint([mean, variance]: FixedPoint): string {
  return mean === 0 && variance === 1 ? "" : `, fixedPoint=[${mean}, ${variance}]`;
}
