import { ArgumentError, ShapeError } from "../errors.ts";
import { tensor } from "../parameter.ts";
import { formatShape, sameShape, show } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { mean } from "./mean.ts";
import { sum } from "./reduce.ts";

/** The reduction of the losses of single elements: their mean, their sum, or none. */
export type Reduction = "mean" | "sum" | "none";

/** Params of every loss. */
export interface LossParams {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

/** Applies a reduction. @throws ArgumentError for an unknown one. */
export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(reduction, ["mean", "sum", "none"]);
  return reduction === "mean" ? mean(losses) : reduction === "sum" ? sum(losses) : losses;
}

/**
 * The weights of classes as a tensor.
 *
 * @throws ArgumentError for anything but a number or an array of numbers, such as a tensor or a dictionary.
 */
export function weightsOf(param: string, given: unknown): Tensor {
  if (typeof given === "number" || Array.isArray(given) || ArrayBuffer.isView(given))
    return tensor(given as number[]);
  const hint = given instanceof Tensor ? "; use Array.from(weights.data)" : "";
  throw new ArgumentError(`${param} must be an array of numbers such as [1, 3], got ${show(given)}${hint}`);
}

/** Throws for an unknown reduction. */
export function checkReduction(reduction: string, known: readonly string[]): void {
  if (!known.includes(reduction)) {
    throw new ArgumentError(`reduction must be one of ${known.map(show).join(", ")}, got ${show(reduction)}`);
  }
}

/** Throws for different shapes. Losses do not broadcast: [n] and [n, 1] would silently compare all pairs. */
export function checkSameShape(x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `prediction ${formatShape(x.shape)} and target ${formatShape(target.shape)} differ; reshape one of them`,
  );
}
