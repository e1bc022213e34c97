import { checkGiven } from "../check-given.ts";
import { ArgumentError, GradientError } from "../errors.ts";
import { mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { callable, isListOf } from "../ranges.ts";
import { formatShape, type Shape, sameShape, show } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { type Differentiable, type GradcheckOptions, gradcheck } from "./gradcheck.ts";

// The checks of gradcheck. Importing @gradus/core/testing sets them (index.ts).

const RANGES = {
  step: "positive",
  tolerance: "nonNegative",
  seed: "text",
  constants: "counts",
  name: "text",
} as const;

/** The arguments of a gradient check. @returns a copy of the options. */
export function gradcheckOptions(
  who: string,
  f: unknown,
  inputs: unknown,
  options: GradcheckOptions,
): GradcheckOptions {
  if (!callable.admits(f)) throw new ArgumentError(`${who}: needs a function, got ${show(f)}`);
  if (!isListOf(inputs, (x) => x instanceof Tensor))
    throw new ArgumentError(`${who}: the inputs must be an array of tensors, got ${show(inputs)}`);
  return checkGiven(who, "option", options, RANGES);
}

/** The result of the function. */
export function gradcheckResult(name: string, y: unknown): void {
  if (!(y instanceof Tensor))
    throw new ArgumentError(`gradcheck(${name}): must return a tensor, got ${show(y)}`);
}

/** The shape of a gradient. */
export function gradcheckShape(
  name: string,
  input: number,
  gradient: Tensor | undefined,
  shape: Shape,
): void {
  if (gradient === undefined || sameShape(gradient.shape, shape)) return;
  throw new GradientError(
    `gradcheck(${name}): the gradient of input ${input + 1} has shape ${formatShape(gradient.shape)}, not ${formatShape(shape)}`,
  );
}

/**
 * Checks each element of the result alone: its slope can be compared with a known derivative, that of a weighted sum cannot.
 */
export function gradcheckElements(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: Required<GradcheckOptions>,
  { size, shape }: Tensor,
): void {
  for (let k = 0; k < size && size > 1; k++) {
    const unit = new Tensor(new Float64Array(size).fill(1, k, k + 1), shape);
    const element = (...xs: Tensor[]): Tensor => sum(mul(f(...xs), unit));
    gradcheck(element, inputs, { ...options, name: `element ${k} of ${options.name}` });
  }
}
