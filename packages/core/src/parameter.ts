import { checkShape } from "./check-shape.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { takeGiven } from "./given.ts";
import { formatShape, type Shape, show, sizeOf } from "./shape.ts";
import { allocate, MOST_AXES } from "./storage.ts";
import { type NestedNumbers, Tensor, type TypedArray, toFloat64 } from "./tensor.ts";

/**
 * A tensor from nested arrays, a number, or a flat array with a shape. The numbers are copied.
 *
 * @param values nested arrays of numbers (all rows of equal length) or a typed array.
 * @param shape for flat values: its product must be their number. Defaults to the nesting, or one axis.
 * @throws ShapeError for ragged rows or a shape that does not fit; ArgumentError for anything but numbers.
 * @example
 * tensor([[1, 2], [3, 4]]);              // shape [2, 2]
 * tensor(new Float32Array(6), [2, 3]);   // shape [2, 3]
 * tensor(5);                             // a scalar, shape []
 */
export function tensor(values: NestedNumbers | TypedArray, shape?: Shape, ...extra: undefined[]): Tensor {
  if (extra.length > 0) takeGiven("tensor", "argument", {}, [], extra);
  const { data, nesting } = ArrayBuffer.isView(values)
    ? { data: toFloat64(values as TypedArray, "tensor"), nesting: [values.length] }
    : fromNested(values as NestedNumbers);
  if (shape === undefined) return new Tensor(data, nesting);
  const checked = checkShape(shape, "tensor");
  if (sizeOf(checked) !== data.length) {
    throw new ShapeError(
      `tensor: shape ${formatShape(checked)} holds ${sizeOf(checked)} elements, but ${data.length} values were given`,
    );
  }
  return new Tensor(data, checked);
}

function fromNested(values: NestedNumbers): { data: Float64Array; nesting: Shape } {
  const nesting: number[] = [];
  // Past the most axes, `allocate` refuses: an array may contain itself.
  for (let level: unknown = values; Array.isArray(level) && nesting.length <= MOST_AXES; level = level[0]) {
    nesting.push(level.length);
  }
  const data = allocate("tensor", nesting);
  let offset = 0;
  const fill = (value: unknown, axis: number, path: string): void => {
    if (axis === nesting.length) {
      const at = path || "the top";
      if (Array.isArray(value))
        throw new ShapeError(`tensor: ragged array: found an array at ${at} where other rows have a number`);
      if (typeof value !== "number")
        throw new ArgumentError(`tensor: ${show(value)} at ${at} is not a number`);
      data[offset++] = value;
      return;
    }
    if (!Array.isArray(value) || value.length !== nesting[axis]) {
      const found = Array.isArray(value) ? `${value.length} elements` : show(value);
      throw new ShapeError(`tensor: ragged array: ${path} has ${found} where others have ${nesting[axis]}`);
    }
    for (let i = 0; i < value.length; i++) fill(value[i], axis + 1, `${path}[${i}]`);
  };
  fill(values, 0, "");
  return { data, nesting };
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
