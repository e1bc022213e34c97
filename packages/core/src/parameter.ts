import { checks } from "./checks.ts";
import type { NestedNumbers, TypedArray } from "./numbers.ts";
import type { Shape } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * A tensor from nested arrays, a number, or a flat array with a shape. The numbers are copied.
 *
 * @param values nested arrays of numbers (all rows of equal length) or a typed array.
 * @param shape for flat values; the product of its sizes is their number. Default: the lengths of the nested arrays, or one axis.
 * @throws ShapeError for ragged rows or a shape that does not fit; ArgumentError for anything but numbers.
 * @example
 * tensor([[1, 2], [3, 4]]);              // shape [2, 2]
 * tensor(new Float32Array(6), [2, 3]);   // shape [2, 3]
 * tensor(5);                             // a scalar, shape []
 */
export function tensor(values: NestedNumbers | TypedArray, shape?: Shape, ...extra: undefined[]): Tensor {
  // `extra` is for the check alone: it refuses any third argument.
  const sizes = checks.tensor?.(values, shape, extra) ?? [...(shape ?? nestingOf(values))];
  const data = allocate("tensor", sizes);
  let offset = 0;
  const fill = (value: NestedNumbers): void => {
    if (typeof value === "number") data[offset++] = value;
    else for (let i = 0; i < value.length; i++) fill(value[i]);
  };
  if (ArrayBuffer.isView(values)) data.set(values);
  else fill(values as NestedNumbers);
  return new Tensor(data, sizes);
}

/** The lengths of nested arrays, outermost first. */
function nestingOf(values: NestedNumbers | TypedArray): Shape {
  return typeof values === "number" ? [] : [values.length, ...nestingOf(values[0] ?? 0)];
}

/**
 * A tensor that training changes: the weights of a layer. Gradients flow to it, optimizers update it in place.
 *
 * @example
 * const weight = new Parameter(tensor([[0.1, 0.2]]));
 */
export class Parameter extends Tensor {
  /** Copies the numbers of `values`. */
  constructor(values: Tensor | NestedNumbers) {
    const source = values instanceof Tensor ? values : tensor(values);
    const data = allocate("Parameter", source.shape);
    data.set(source.data);
    super(data, source.shape, { tracked: true });
  }
}

/** A parameter and the name it has in its net, such as `layers.0.weight`. */
export type NamedParameter = readonly [name: string, parameter: Parameter];

/**
 * Marks a tensor as something to differentiate with respect to. The result shares the numbers of `x`.
 *
 * @example
 * const x = variable(tensor(3));
 * backward(square(x)).of(x).item(); // 6
 */
export function variable(x: Tensor | NestedNumbers): Tensor {
  const source = x instanceof Tensor ? x : tensor(x);
  return new Tensor(source.storage, source.shape, { tracked: true });
}
