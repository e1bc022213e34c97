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

/** The checked inputs or targets of a dataset: `count` samples of `size` numbers each. @internal */
export interface Samples {
  readonly data: TypedArray;
  /** The shape of one sample. */
  readonly shape: Shape;
  readonly size: number;
  readonly count: number;
}

const kept: ReadonlySet<string> = new Set(
  ["Float64", "Float32", "Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32"].map(
    (type) => `${type}Array`,
  ),
);

/** Checks that the values are a whole number of samples of the given shape. @internal */
export function samples(
  values: TypedArray | Tensor | NestedNumbers,
  given: Shape | undefined,
  what: "inputs" | "targets",
): Samples {
  const { data, axes } = store(values, what);
  const shapeName = what === "inputs" ? "inputShape" : "targetShape";
  // A flat list of numbers is a list of targets; for inputs the caller must give the shape.
  const natural = axes?.slice(1) ?? (what === "targets" ? [] : undefined);
  if (given === undefined && natural === undefined) {
    throw new ArgumentError(
      `Dataset: a ${data.constructor.name} of inputs needs inputShape, the shape of one sample, such as [784]`,
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
  return { data, shape, size, count };
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
    const message = cause.message.replace(/^tensor/, `Dataset: ${what}`);
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

/** The arrays of a dataset. @internal */
export interface Stored {
  readonly inputs: TypedArray;
  readonly inputSize: number;
  readonly targets: TypedArray;
  readonly targetSize: number;
  readonly rows: Uint32Array | undefined;
  readonly size: number;
}

/**
 * Throws if a stored array no longer holds `count` rows: its buffer was transferred to a worker, or it shrank. Its numbers would
 * silently read as 0. @internal
 */
export function checkStored(
  { inputs, inputSize, targets, targetSize, rows, size }: Stored,
  count: number,
): void {
  const lengths = [
    ["inputs", inputs.length, count * inputSize],
    ["targets", targets.length, count * targetSize],
    ["rows", rows?.length ?? size, size],
  ] as const;
  for (const [what, now, before] of lengths) {
    if (now === before) continue;
    throw new ArgumentError(
      `Dataset: ${what} had ${before} numbers and now has ${now}: its buffer was transferred (postMessage, structuredClone) ` +
        "or resized. Give the dataset a copy: array.slice()",
    );
  }
}

/** The error for a row that is not there (any more): a dataset does not copy `rows`. @internal */
export function changedRows(row: number, count: number): ArgumentError {
  return new ArgumentError(
    `Dataset: rows was changed: it holds ${row}, of ${count} rows. Give the dataset a copy`,
  );
}

/**
 * Checks that labels are class indices: whole numbers 0 … classes − 1. A {@link Dataset} with `classes` calls it.
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
