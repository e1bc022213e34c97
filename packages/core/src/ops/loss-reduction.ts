import { ShapeError } from "../errors.ts";
import { oneOf, type Range } from "../ranges.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mean } from "./mean.ts";
import { sum } from "./reduce.ts";

/** The reduction of the losses of single elements: their mean, their sum, or none. */
export type Reduction = "mean" | "sum" | "none";

/** Params of every loss. */
export interface LossParams {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

export const REDUCTION: Range = oneOf("mean", "sum", "none");

/** Applies a reduction. */
export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  return reduction === "mean" ? mean(losses) : reduction === "sum" ? sum(losses) : losses;
}

/** Throws for different shapes. Losses do not broadcast: [n] and [n, 1] would silently compare all pairs. */
export function checkSameShape(x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `prediction ${formatShape(x.shape)} and target ${formatShape(target.shape)} differ; reshape one of them`,
  );
}
