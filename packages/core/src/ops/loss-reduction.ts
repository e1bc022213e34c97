import { ArgumentError, ShapeError } from "../errors.ts";
import { tensor } from "../parameter.ts";
import { isListOf, oneOf, type Range } from "../ranges.ts";
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

export const REDUCTION: Range = oneOf("mean", "sum", "none");

/** Weights of classes: {@link weightsOf} refuses what is neither a number nor an array. */
export const WEIGHTS: Range = {
  says: "must be an array of numbers such as [1, 3]",
  admits: (x) => x !== null && (!Array.isArray(x) || isListOf(x, (weight) => typeof weight === "number")),
};

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
