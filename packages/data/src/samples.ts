import {
  ArgumentError,
  check,
  checkShape,
  formatShape,
  GradusError,
  type NestedNumbers,
  ranges,
  type Shape,
  ShapeError,
  show,
  sizeOf,
  Tensor,
  type TypedArray,
  tagOf,
  tensor,
} from "@gradus/core";

const kept: ReadonlySet<string> = new Set(
  ["Float64", "Float32", "Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32"].map(
    (type) => `${type}Array`,
  ),
);

/** The names of an array of samples and of its shape, in messages. @internal */
export interface SampleNames {
  readonly what: string;
  readonly shapeName?: string;
  /** Whether a typed array needs the shape of one sample. Default: false, it is one number for each. */
  readonly needsShape?: boolean;
}

/**
 * `count` samples of `size` numbers each: all rows of an array, or some of them in another order. A dataset has one for its
 * inputs, one for its targets and one for weights; parts of it share the array and hold other rows. @internal
 */
export class Samples {
  /** The shape of one sample. */
  readonly shape: Shape;
  readonly size: number;
  readonly count: number;
  /** The name in messages. */
  readonly #name: string;
  readonly #data: TypedArray;
  /** The length of `#data` when it was given. */
  readonly #length: number;
  readonly #rows: Uint32Array | undefined;
  /** Numbers from one row to the next: `size`, but for overlapping windows. */
  readonly #step: number;
  #own: TypedArray | undefined;

  private constructor(name: string, data: TypedArray, shape: Shape, rows?: Uint32Array, step?: number) {
    this.shape = shape;
    this.size = sizeOf(shape);
    this.count = rows?.length ?? data.length / this.size;
    this.#name = name;
    this.#data = data;
    this.#length = data.length;
    this.#rows = rows;
    this.#step = step ?? this.size;
  }

  /** Checks that the values are finite and a whole number of samples of the given shape. */
  static from(
    values: TypedArray | Tensor | NestedNumbers,
    given: Shape | undefined,
    { what, shapeName = "", needsShape = false }: SampleNames,
  ): Samples {
    const { data, axes } = store(values, what);
    // A flat list of numbers is a list of targets; for inputs the caller must give the shape.
    const natural = axes?.slice(1) ?? (needsShape ? undefined : []);
    if (given === undefined && natural === undefined) {
      throw new ArgumentError(
        `Dataset: a ${data.constructor.name} of ${what} needs ${shapeName}, the shape of one sample, such as [784]`,
      );
    }
    const shape = checkShape(given ?? natural ?? [], `Dataset: ${shapeName}`);
    const size = sizeOf(shape);
    if (size === 0) throw new ShapeError(`Dataset: ${shapeName} ${formatShape(shape)} holds no numbers`);
    const count = data.length / size;
    const rows = axes !== undefined && axes.length > 1 ? axes[0] : undefined;
    if (!Number.isInteger(count) || (rows !== undefined && rows !== count)) {
      const found = axes === undefined ? `${data.length} numbers` : `values of shape ${formatShape(axes)}`;
      throw new ShapeError(
        `Dataset: ${what}: ${found} are not a whole number of samples of ${formatShape(shape)}`,
      );
    }
    checkFinite(data, size, what);
    return new Samples(what, data, shape);
  }

  /** The stored array that {@link offset} counts in. @throws ArgumentError if it has lost its numbers. */
  get data(): TypedArray {
    if (this.#data.length === this.#length) return this.#data;
    throw new ArgumentError(
      `Dataset: ${this.#name}: the array had ${this.#length} numbers and now has ${this.#data.length}: its buffer was ` +
        "transferred (postMessage) or made smaller. Make the dataset of a copy",
    );
  }

  /** The numbers of these samples alone, row-major. Copied once if they are some rows of a larger array. */
  get values(): TypedArray {
    if (this.#rows === undefined) return this.data;
    if (this.#own === undefined) {
      const type = this.#data.constructor as new (length: number) => TypedArray;
      const own = new type(this.count * this.size);
      this.gather(
        Uint32Array.from({ length: this.count }, (_, i) => i),
        own,
      );
      this.#own = own;
    }
    return this.#own;
  }

  /** The position of the first number of sample `index` in {@link data}. */
  offset(index: number): number {
    return (this.#rows === undefined ? index : this.#rows[index]) * this.#step;
  }

  /** Writes the samples with these indices into `out`, one after the other. */
  gather(indices: ArrayLike<number>, out: TypedArray): void {
    const { data, size } = this;
    for (let i = 0; i < indices.length; i++) {
      const start = this.offset(indices[i]);
      out.set(data.subarray(start, start + size), i * size);
    }
  }

  /** The samples with these indices, in this order. Nothing is copied. */
  select(indices: Uint32Array): Samples {
    const rows = this.#rows;
    return this.#with(rows === undefined ? indices : indices.map((index) => rows[index]));
  }

  /** The samples from `start` up to but not including `end`. Nothing is copied. */
  slice(start: number, end: number): Samples {
    if (this.#rows !== undefined) return this.#with(this.#rows.subarray(start, end));
    return new Samples(this.#name, this.data.subarray(start * this.size, end * this.size), this.shape);
  }

  #with(rows: Uint32Array): Samples {
    return new Samples(this.#name, this.data, this.shape, rows, this.#step);
  }

  /** Windows of `length` samples each, which begin at these samples. They may overlap; nothing is copied. */
  windows(starts: Uint32Array, length: number): Samples {
    return new Samples(this.#name, this.data, [length, ...this.shape], starts, this.#step);
  }
}

/** The numbers of `values`, and their axes unless it is a typed array. */
function store(
  values: TypedArray | Tensor | NestedNumbers,
  what: string,
): { data: TypedArray; axes?: Shape } {
  if (ArrayBuffer.isView(values)) {
    if (kept.has(tagOf(values))) return { data: values };
    throw new ArgumentError(
      `Dataset: ${what}: a ${show(values)} cannot be kept. Use a Float32Array, Float64Array or one of whole numbers up to 32 bits`,
    );
  }
  const { data, shape } = values instanceof Tensor ? values : named(values, what);
  if (shape.length === 0) throw new ShapeError(`Dataset: ${what}: one number is not a list of samples`);
  return { data, axes: shape };
}

/** `tensor(values)`; error messages name the argument. */
function named(values: NestedNumbers, what: string): Tensor {
  try {
    return tensor(values);
  } catch (cause) {
    if (!(cause instanceof GradusError)) throw cause;
    const typed = Array.isArray(values) && values.some((x) => ArrayBuffer.isView(x));
    const tensors = Array.isArray(values) && values.some((x) => (x as unknown) instanceof Tensor);
    const rows = typed
      ? `; make rows arrays: ${what}: rows.map((row) => Array.from(row))`
      : tensors
        ? `; put samples together: ${what}: stack(samples)`
        : "";
    const several =
      rows && what === "inputs" ? "; several inputs are given by name: inputs: { image, table }" : "";
    const hint = rows + several;
    const message = cause.message.replace(/^tensor/, `Dataset: ${what}`) + hint;
    throw cause instanceof ShapeError ? new ShapeError(message) : new ArgumentError(message);
  }
}

function checkFinite(data: TypedArray, size: number, what: string): void {
  if (!tagOf(data).startsWith("Float")) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const place = size === 1 ? "" : ` at position ${i % size}`;
    throw new ArgumentError(
      `Dataset: ${what}: sample ${Math.floor(i / size)} is ${data[i]}${place}: all must be finite numbers`,
    );
  }
}

/**
 * Checks that labels are class indices: whole numbers 0 … classes − 1. A `Dataset` with `classes` calls it.
 *
 * @param labels the class index of each sample.
 * @param classes number of classes, a whole number ≥ 1.
 * @param who the name that the message begins with.
 * @throws ArgumentError with the first wrong label and its sample.
 * @example
 * checkLabels(labels.data, 10);
 */
export function checkLabels(labels: ArrayLike<number>, classes: number, who: string = "checkLabels"): void {
  check(who, "classes", classes, ranges.positiveCount);
  if (!Array.isArray(labels) && !ArrayBuffer.isView(labels)) {
    throw new ArgumentError(`${who}: needs an array of class indices, got ${show(labels)}`);
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new ArgumentError(
        `${who}: the label of sample ${i} is ${show(label)}, but ${classes} classes are numbered 0 to ${classes - 1}`,
      );
    }
  }
}

/** Checks that all indices are whole numbers in [0, size). @internal */
export function checkIndices(indices: ArrayLike<number>, size: number, who: string): void {
  if (typeof indices !== "object" || indices === null || !Number.isSafeInteger(indices.length)) {
    throw new ArgumentError(`${who}: needs an array of whole numbers, got ${show(indices)}`);
  }
  for (let i = 0; i < indices.length; i++) {
    const index: unknown = indices[i];
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= size) {
      throw new ArgumentError(
        `${who}: ${show(index)} at [${i}] is not the index of a sample: there are ${size}, numbered from 0`,
      );
    }
  }
}
