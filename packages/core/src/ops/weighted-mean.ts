import { deriveOp } from "../derived-op.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { hook } from "../hook.ts";
import type { Op } from "../op.ts";
import { formatShape, sameShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type UpdateSpec, update } from "../update.ts";
import { chain } from "./arithmetic.ts";
import { div } from "./division.ts";
import { sum } from "./reduce.ts";

/** A check that compiled functions do too. */
const refuseNegative: UpdateSpec = {
  name: "weightedMean",
  run: ([weights]) => {
    const at = weights.findIndex((weight) => weight < 0);
    if (at < 0) return;
    throw new ArgumentError(`the weights of weightedMean must be ≥ 0, got ${weights[at]} at [${at}]`);
  },
};

/**
 * The mean of losses with weights, Σ w·loss / Σ w, where a loss of weight 0 does not count, even if it is infinite or NaN.
 *
 * Use it in losses of your own in which not every target counts, or not every target counts the same. `fit` and `evaluate`
 * then weight the loss of each batch by its Σ w, so that the loss of an epoch does not depend on the size of the batches,
 * and skip a batch whose Σ w is 0. crossEntropy and nll do the same.
 *
 * Shapes: losses and weights equal → []. NaN if Σ w is 0.
 *
 * @throws ArgumentError for a weight below 0, by which a loss would be made larger.
 *
 * @example
 * // Squared errors of a masked series: mask is 1 where there is a target, else 0.
 * weightedMean(mse(output, target, { reduction: "none" }), mask);
 */
export const weightedMean: Op<[losses: Tensor, weights: Tensor]> = deriveOp<
  [losses: Tensor, weights: Tensor]
>({
  name: "weightedMean",
  formula: "out = Σ w·loss / Σ w",
  arity: 2,
  compute: ([losses, weights]) => {
    if (!sameShape(losses.shape, weights.shape)) {
      throw new ShapeError(
        `losses ${formatShape(losses.shape)} and weights ${formatShape(weights.shape)} differ; reshape one of them`,
      );
    }
    update(refuseNegative, [weights], [], undefined);
    return meanOver(chain(weights, losses), weights);
  },
});

/** Σ losses / Σ weights, for losses that contain their weights. Notes Σ weights for {@link withLossWeights}. */
export function meanOver(losses: Tensor, weights: Tensor): Tensor {
  const weight = sum(weights);
  const { shape } = weights;
  lossWeights()?.push({ weight, perSample: shape.length === 0 ? 1 : sizeOf(shape.slice(1)) });
  return div(sum(losses), weight);
}

/** The divisor of a mean over weighted losses. */
export interface LossWeight {
  /** Σ w. */
  readonly weight: Tensor;
  /** The number of weights of a sample: Σ w divided by it is the number of samples if all w are 1. */
  readonly perSample: number;
}

/** The weights noted so far. A function that is compiled inside has a hook of its own: its tensors are not these. */
let open: { readonly weights: LossWeight[]; readonly on: unknown } | undefined;

/** The list to which a weighted mean pushes its divisor now; undefined if there is none. */
export function lossWeights(): LossWeight[] | undefined {
  return open && open.on === hook() ? open.weights : undefined;
}

/** Runs a loss, and pushes the divisors of the weighted means in it to `weights`. */
export function withLossWeights<T>(weights: LossWeight[], run: () => T): T {
  const outer = open;
  open = { weights, on: hook() };
  try {
    return run();
  } finally {
    open = outer;
  }
}
