import { ArgumentError, ShapeError } from "./errors.ts";
import type { AnySpec } from "./op.ts";
import { formatShape, type Shape, show } from "./shape.ts";
import { allocate, Storage } from "./storage.ts";

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
  /** The declaration of the op: its shape rule, loop and gradient rules (op.ts). */
  readonly op: AnySpec;
  readonly inputs: readonly Tensor[];
  /** `storage.version` of each input when the op ran. */
  readonly versions: readonly number[];
  readonly params: unknown;
}

/**
 * An n-dimensional array of float64 numbers, row-major and contiguous, that may remember how it was computed.
 *
 * Operations never change their inputs; the one way to change a tensor in place is {@link Tensor.assign} (and what
 * optimizers do to parameters). Importing @gradus/core gives tensors each op as a method: `x.matmul(w).add(b)` (fluent.ts).
 * Make one with {@link tensor}; fill.ts, create.ts and random.ts have more ways.
 *
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * [x.shape, sum(x).item()]; // [[2, 3], 21]
 */
export class Tensor {
  readonly #shape: Shape;
  readonly #record: OpRecord | null;
  readonly #tracked: boolean;
  /** The elements. The results of `detach` and `variable` share the storage of x. The first object, so that cloning names it. @internal */
  readonly storage: Storage;

  /** Wraps `data` without copying or checking it. Users call {@link tensor} instead. @internal */
  constructor(
    data: Float64Array | Storage,
    shape: Shape,
    options: { record?: OpRecord | null; tracked?: boolean } = {},
  ) {
    this.storage = data instanceof Storage ? data : new Storage(data);
    this.#shape = Object.freeze(shape);
    this.#record = options.record ?? null;
    this.#tracked = options.tracked ?? this.#record !== null;
  }

  /** The size along each axis; `[]` for a scalar. */
  get shape(): Shape {
    return this.#shape;
  }

  /** How this tensor was computed, if that was recorded. */
  get record(): OpRecord | null {
    return this.#record;
  }

  /** Whether gradients flow through it: parameters, `variable(x)`, and everything computed from them (PyTorch: requires_grad). */
  get tracked(): boolean {
    return this.#tracked;
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

  /** Counts a change of `data` that was made directly, as by optimizers. */
  markChanged(): void {
    this.storage.version++;
  }
}

/** Numbers of any kind as float64, a copy. */
export function toFloat64(values: TypedArray | readonly number[], who: string): Float64Array {
  if (values.length === undefined) throw new ArgumentError(`${who}: a ${show(values)} does not hold numbers`);
  const data = allocate(who, [values.length]);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number")
      throw new ArgumentError(`${who}: ${show(value)} at [${i}] is not a number`);
    data[i] = value;
  }
  return data;
}
