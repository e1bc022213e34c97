import { div, type Op, type Rng, randomStream, type Tensor, where } from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { bernoulliMask } from "./random.ts";

/** Params of {@link dropout}. */
export interface DropoutParams {
  /** Probability that a unit is dropped, in [0, 1]. */
  readonly p: number;
  /** The random stream for the mask: one number for each element, none if p is 0 or 1. */
  readonly rng: Rng;
}

/**
 * Dropout as in training: each unit becomes 0 with probability p; the others are divided by 1 − p, so that the
 * expectation stays x.
 *
 * Units are selected, not multiplied by 0: a dropped unit that is infinite or NaN has no effect on values or gradients.
 * Shapes: any.
 *
 * Srivastava et al. 2014, Dropout, §10 (the scaling at training time).
 *
 * @throws ArgumentError for p outside [0, 1].
 * @example dropout(ones([4]), { p: 0.5, rng }); // such as [2, 0, 2, 2]
 */
export const dropout: Op<[x: Tensor], DropoutParams> = deriveOp<[x: Tensor], DropoutParams>({
  name: "dropout",
  formula: "out = x/(1 − p) where kept, else 0",
  arity: 1,
  compute: ([x], { p, rng }) => {
    if (p === 0) return x;
    if (p === 1) return where(0, x, 0); // 1/(1 − p) would be infinite
    const kept = bernoulliMask({ shape: x.shape, probability: 1 - p, rng });
    return where(kept, div(x, 1 - p), 0);
  },
  ranges: { p: "unit", rng: randomStream },
  required: ["p", "rng"],
});
