import {
  ArgumentError,
  formatShape,
  mul,
  notEqual,
  ones,
  ShapeError,
  show,
  Tensor,
  weightedMean,
} from "@gradus/core";
import { hearTargets, type TargetDomain } from "@gradus/core/internal";
import type { Loss } from "./callbacks.ts";

/** A loss that may get the weights [n] of the samples of a batch. @internal */
export type WeightedLoss = (output: Tensor, targets: Tensor, weights?: Tensor) => Tensor;

/**
 * Makes of a loss the weighted mean Σ w·loss / Σ w over the samples. A loss of core is called with `reduction: "none"`; another
 * one must give a loss for each sample. A missing class target (`ignoreIndex`) has the weight 0. Without weights it is the loss.
 *
 * @throws ArgumentError and ShapeError, when called, if the loss gives no loss for each sample. @internal
 */
export function weightedLoss(loss: Loss): WeightedLoss {
  return (output, targets, weights) => {
    if (weights === undefined) return loss(output, targets);
    const classes: [target: Tensor, ignored: number][] = [];
    const hear = (target: Tensor, domain: TargetDomain): void => {
      if (domain.kind === "classes") classes.push([target, domain.ignored]);
    };
    const losses = hearTargets(hear, () => perSample(loss, output, targets));
    if (!(losses instanceof Tensor)) {
      throw new ArgumentError(`the loss must be a tensor of one loss for each sample, got ${show(losses)}`);
    }
    const n = weights.shape[0];
    if (losses.rank === 0 || losses.shape[0] !== n) {
      throw new ShapeError(
        `the samples have weights, so the loss must give a loss for each of the ${n} samples, [${n}, ...], got shape ` +
          `${formatShape(losses.shape)}; use the loss without a mean: (output, targets) => mse(output, targets, { reduction: ` +
          '"none" }), or leave the weights of the dataset out',
      );
    }
    let full = mul(
      ones(losses.shape),
      weights.reshape({ shape: [n, ...losses.shape.slice(1).map(() => 1)] }),
    );
    for (const [target, ignored] of classes) {
      if (formatShape(target.shape) !== formatShape(losses.shape)) {
        throw new ShapeError(
          `the samples have weights, and the loss makes losses of shape ${formatShape(losses.shape)} of class targets of shape ` +
            `${formatShape(target.shape)}: which of them are missing cannot be seen; return the losses of the targets as they are`,
        );
      }
      full = mul(full, notEqual(target, ignored));
    }
    return weightedMean(losses, full);
  };
}

/** A loss of core with `reduction: "none"`; another one as it is. */
function perSample(loss: Loss, output: Tensor, targets: Tensor): Tensor {
  const { spec } = loss as { readonly spec?: { readonly defaults?: object } };
  if (!Object.hasOwn(Object(spec?.defaults), "reduction")) return loss(output, targets);
  const withParams = loss as (
    output: Tensor,
    targets: Tensor,
    params: { readonly reduction: "none" },
  ) => Tensor;
  return withParams(output, targets, { reduction: "none" });
}
