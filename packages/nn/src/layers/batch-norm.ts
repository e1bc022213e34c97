import {
  ArgumentError,
  batchNorm,
  check,
  noMore,
  ones,
  Parameter,
  ranges,
  resolveOptions,
  type Tensor,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import { batchNormOfBatch, ownLayer } from "@gradus/core/internal";
import { within } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { runningAverage } from "../running-average.ts";
import type { HasWidths, Widths } from "../widths.ts";
import { checkChannels } from "./channels.ts";

/** Options of {@link BatchNorm}. */
export interface BatchNormOptions {
  /** Added to the variance under the root, finite and ≥ 0. Default 1e-5, as PyTorch has it. */
  readonly epsilon?: number;
  /**
   * Weight of a batch in the running statistics, in [0, 1]. Default 0.1, as in PyTorch (Keras' momentum is the weight of
   * the old value, 0.99).
   */
  readonly momentum?: number;
}

/** Evaluation with an infinite variance would give the shift for every input, without a word. Reads [variance]. */
const refuseInfinite: UpdateSpec<BatchNorm> = {
  name: "refuseInfinite",
  run([variance], _, layer) {
    const channel = variance.indexOf(Infinity);
    if (channel < 0) return;
    throw new ArgumentError(
      `${layer}: the running variance of channel ${channel} is infinite, because inputs in training were beyond about ` +
        "1e154: scale the inputs and train again",
    );
  },
};

/**
 * Batch normalisation of each channel to mean 0 and variance 1, with learned scale and shift: out = (x −
 * mean)/√(variance + ε)·scale + shift.
 *
 * Training: mean and variance are those of the batch (the variance divided by the number n of values); gradients flow
 * through both. The running statistics are updated: running ← (1 − momentum)·running + momentum·batch, with the unbiased
 * variance (divided by n − 1), as in PyTorch. A batch of one value per channel has no variance and is refused.
 * Evaluation: mean and variance are the running ones, 0 and 1 at the start.
 * Evaluation refuses an infinite running variance, which inputs beyond about 1e154 leave behind.
 * Shapes: [N, C], sequences [N, time, C] or images [N, height, width, C], unchanged: channels are the last axis. Parameters
 * and running statistics [C].
 * Ioffe & Szegedy 2015, Batch Normalization, algorithm 1 (training) and algorithm 2 (evaluation).
 *
 * @param channels number of channels, ≥ 1.
 * @param options see {@link BatchNormOptions}.
 * @example new Sequential(new Dense(64, 32, { rng, bias: false }), new BatchNorm(32), new ReLU());
 */
export class BatchNorm<const C extends number = number> implements Layer, HasWidths<Widths<C, "kept">> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => BatchNorm);
  declare readonly "~widths"?: Widths<C, "kept">;
  readonly scale: Parameter;
  readonly shift: Parameter;
  /** Mean of each channel over past batches: a buffer, saved with the net but not trained. */
  readonly runningMean: Tensor;
  /** Unbiased variance of each channel over past batches. */
  readonly runningVariance: Tensor;
  readonly epsilon: number;
  readonly momentum: number;

  constructor(channels: C, options: BatchNormOptions = {}, ...extra: readonly undefined[]) {
    noMore("BatchNorm", "channels, options", extra);
    check("BatchNorm", "channels", channels, ranges.positiveCount);
    const { epsilon, momentum } = resolveOptions<Required<BatchNormOptions>>(
      "BatchNorm",
      options,
      { epsilon: 1e-5, momentum: 0.1 },
      { epsilon: ranges.nonNegative, momentum: ranges.unit },
    );
    this.scale = within(`BatchNorm(${channels})`, () => new Parameter(ones([channels])));
    this.shift = new Parameter(zeros([channels]));
    this.runningMean = zeros([channels]);
    this.runningVariance = ones([channels]);
    this.epsilon = epsilon;
    this.momentum = momentum;
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const { scale, shift, runningMean, runningVariance, epsilon, momentum } = this;
    checkChannels(this, x.shape, scale.size, "...");
    if (trainingRng(mode, this) === null) {
      update(refuseInfinite, [runningVariance], [], this);
      return batchNorm(x, scale, shift, runningMean, runningVariance, { epsilon });
    }
    const count = x.size / scale.size;
    checks.input?.(this, count > 1, x.shape, "with more than one value per channel when training");
    const { out, mean, variance } = batchNormOfBatch(x, scale, shift, epsilon);
    runningAverage(mean, { into: runningMean, momentum });
    runningAverage(variance, { into: runningVariance, momentum, factor: count / (count - 1) });
    return out;
  }

  toString(): string {
    const options = [
      ...(this.epsilon === 1e-5 ? [] : [`epsilon=${this.epsilon}`]),
      ...(this.momentum === 0.1 ? [] : [`momentum=${this.momentum}`]),
    ];
    return `BatchNorm(${[this.scale.size, ...options].join(", ")})`;
  }
}
