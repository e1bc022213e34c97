import { checkShape } from "./check-shape.ts";
import { ArgumentError } from "./errors.ts";
import { type Shape, show } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/** A tensor of zeros. @example zeros([2, 3]); */
export function zeros(shape: Shape): Tensor {
  return filled("zeros", shape, 0);
}

/** A tensor of ones. @example ones([2, 3]); */
export function ones(shape: Shape): Tensor {
  return filled("ones", shape, 1);
}

/** A tensor filled with one value. @example full([2, 2], 0.5); */
export function full(shape: Shape, value: number): Tensor {
  if (typeof value !== "number") throw new ArgumentError(`full: value must be a number, got ${show(value)}`);
  return filled("full", shape, value);
}

export function filled(who: string, shape: Shape, value: number): Tensor {
  const checked = checkShape(shape, who);
  const data = allocate(who, checked);
  if (value !== 0 || Object.is(value, -0)) data.fill(value);
  return new Tensor(data, checked);
}
