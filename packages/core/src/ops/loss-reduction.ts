import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mean } from "./mean.ts";
import { sum } from "./reduce.ts";

/** How the losses of single elements become the result: their mean, their sum, or as they are. */
export type Reduction = "mean" | "sum" | "none";

/** Params that every loss has. */
export interface LossParams {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

/** Applies a reduction. @throws ArgumentError for one that does not exist. */
export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(reduction, ["mean", "sum", "none"]);
  return reduction === "mean" ? mean(losses) : reduction === "sum" ? sum(losses) : losses;
}

/** Refuses a reduction that is not among the known ones. */
export function checkReduction(reduction: string, known: readonly string[]): void {
  if (!known.includes(reduction)) {
    throw new ArgumentError(`reduction must be one of ${known.map(show).join(", ")}, got ${show(reduction)}`);
  }
}

/** Losses never broadcast: [n] against [n, 1] would silently compare all pairs. */
export function checkSameShape(x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `prediction ${formatShape(x.shape)} and target ${formatShape(target.shape)} differ; reshape one of them`,
  );
}
