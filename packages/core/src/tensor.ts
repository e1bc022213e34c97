import { ArgumentError, ShapeError } from "./errors.ts";
import type { AnySpec } from "./op.ts";
import { checkShape, formatShape, type Shape, show, sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Numbers nested to any depth: `5`, `[1, 2]`, `[[1, 2], [3, 4]]`. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** Everything a tensor can be filled from. Whole-number and float32 arrays are converted to float64. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** How a tensor was computed: the edge of the graph that `backward` walks. */
export interface OpRecord {
  /** Grows with creation, so descending ids visit every result before what it was computed from. */
  readonly id: number;
  readonly op: AnySpec;
  readonly inputs: readonly Tensor[];
  /** The change counter of each input when it was read. */
  readonly versions: readonly number[];
  readonly params: unknown;
}

/**
 * An n-dimensional array of float64 numbers, row-major and contiguous, that may remember how it was computed.
 *
 * Operations never change their inputs; the one way to change a tensor in place is {@link Tensor.assign} (and what
 * optimizers do to parameters). Every operation of the registry is a method too: `x.matmul(w).add(b).selu()`.
 *
 * Make one with {@link tensor}, `zeros`, `ones`, `full`, `arange`, `linspace`, `eye` or an `Rng`.
 *
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * x.shape;          // [2, 3]
 * x.sum().item();   // 21
 */
export class Tensor {
  /** The size along each axis; `[]` for a scalar. */
  readonly shape: Shape;
  /** How this tensor was computed, if that was recorded. */
  readonly record: OpRecord | null;
  /** Whether gradients flow through this tensor: parameters, variables and everything computed from them. */
  readonly tracked: boolean;
  /** Where the elements lie. Detached and marked tensors share it with the one they were made from. @internal */
  readonly storage: Storage;

  /** Wraps `data` without copying or checking it. Users call {@link tensor} instead. @internal */
  constructor(data: Float64Array | Storage, shape: Shape, options: TensorOptions = {}) {
    this.storage = data instanceof Storage ? data : new Storage(data);
    this.shape = shape;
    this.record = options.record ?? null;
    this.tracked = options.tracked ?? this.record !== null;
  }

  /** The elements, row-major. Read them freely; to write, use {@link Tensor.assign}. */
  get data(): Float64Array {
    return this.storage.data;
  }

  /** Number of elements. */
  get size(): number {
    return this.storage.size;
  }

  /** Number of axes; 0 for a scalar. */
  get rank(): number {
    return this.shape.length;
  }

  /** The one number of a tensor with one element. @throws ShapeError if it has more or none. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(`item(${formatShape(this.shape)}): only a tensor of one element has an item`);
    }
    return this.data[0];
  }

  /** The elements as nested arrays; a plain number for a scalar. */
  toArray(): NestedNumbers {
    let offset = 0;
    const nest = (axis: number): NestedNumbers =>
      axis === this.rank
        ? this.data[offset++]
        : Array.from({ length: this.shape[axis] }, () => nest(axis + 1));
    return nest(0);
  }

  /** The same numbers (shared, not copied) as a constant: no gradient flows through the result. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape);
  }

  /**
   * Overwrites all elements in place. Gradient rules that still need the old values will refuse to run.
   *
   * @throws ShapeError if the number of values is not the number of elements.
   */
  assign(values: Tensor | TypedArray | readonly number[]): this {
    const source = values instanceof Tensor ? values.data : values;
    if (source.length !== this.size) {
      throw new ShapeError(
        `assign(${formatShape(this.shape)}): needs ${this.size} values, got ${source.length}`,
      );
    }
    this.data.set(source instanceof Float64Array ? source : toFloat64(source, "assign"));
    this.storage.version++;
    return this;
  }

  /** Tells gradus that `data` was written to directly, as optimizers do. */
  markChanged(): void {
    this.storage.version++;
  }
}

interface TensorOptions {
  record?: OpRecord | null;
  tracked?: boolean;
}

/**
 * A tensor that training changes: the weights of a layer. Gradients flow to it, optimizers update it in place.
 *
 * @example
 * const weight = new Parameter(tensor([[0.1, 0.2]]));
 */
export class Parameter extends Tensor {
  /** Takes over the numbers of `values` (copied). */
  constructor(values: Tensor | NestedNumbers) {
    const source = values instanceof Tensor ? values : tensor(values);
    super(source.data.slice(), source.shape, { tracked: true });
  }
}

/** A parameter and the name it has in its net, such as `layers.0.weight`. */
export type NamedParameter = readonly [name: string, parameter: Parameter];

/**
 * Marks a tensor as something to differentiate with respect to. The result shares the numbers of `x`.
 *
 * @example
 * const x = variable(tensor(3));
 * backward(x.square()).of(x).item(); // 6
 */
export function variable(x: Tensor | NestedNumbers): Tensor {
  const source = x instanceof Tensor ? x : tensor(x);
  return new Tensor(source.storage, source.shape, { tracked: true });
}

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
export function tensor(values: NestedNumbers | TypedArray, shape?: Shape): Tensor {
  const { data, natural } = ArrayBuffer.isView(values)
    ? { data: toFloat64(values as TypedArray, "tensor"), natural: [values.length] }
    : fromNested(values as NestedNumbers);
  if (shape === undefined) return new Tensor(data, natural);
  const checked = checkShape(shape, "tensor");
  if (sizeOf(checked) !== data.length) {
    throw new ShapeError(
      `tensor: shape ${formatShape(checked)} holds ${sizeOf(checked)} elements, but ${data.length} values were given`,
    );
  }
  return new Tensor(data, checked);
}

function fromNested(values: NestedNumbers): { data: Float64Array; natural: Shape } {
  const natural: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) natural.push(level.length);
  const data = new Float64Array(sizeOf(natural));
  let offset = 0;
  const fill = (value: unknown, axis: number, path: string): void => {
    if (axis === natural.length) {
      if (typeof value !== "number") {
        const hint = Array.isArray(value) ? " where other rows have a number" : "";
        throw Array.isArray(value)
          ? new ShapeError(`tensor: ragged array: found an array at ${path || "the top"}${hint}`)
          : new ArgumentError(`tensor: ${show(value)} at ${path || "the top"} is not a number`);
      }
      data[offset++] = value;
      return;
    }
    if (!Array.isArray(value) || value.length !== natural[axis]) {
      const found = Array.isArray(value) ? `${value.length} elements` : show(value);
      throw new ShapeError(`tensor: ragged array: ${path} has ${found} where others have ${natural[axis]}`);
    }
    for (let i = 0; i < value.length; i++) fill(value[i], axis + 1, `${path}[${i}]`);
  };
  fill(values, 0, "");
  return { data, natural };
}

function toFloat64(values: TypedArray | readonly number[], who: string): Float64Array {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || values instanceof DataView) {
    throw new ArgumentError(`${who}: a ${values.constructor.name} does not hold numbers`);
  }
  const data = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number")
      throw new ArgumentError(`${who}: ${show(value)} at [${i}] is not a number`);
    data[i] = value;
  }
  return data;
}
