import { ArgumentError } from "../errors.ts";
import { tensor } from "../parameter.ts";
import { isListOf, type Range } from "../ranges.ts";
import { show } from "../shape.ts";
import { Tensor } from "../tensor.ts";

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
