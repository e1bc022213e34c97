import {
  ArgumentError,
  checkOptions,
  checkShape,
  FormatError,
  formatShape,
  GradusError,
  type NestedNumbers,
  noMore,
  type Shape,
  ShapeError,
  show,
  sizeOf,
  Tensor,
  tensor,
  zeros,
} from "@gradus/core";
import {
  checkClasses,
  checkColumns,
  encodeRow,
  type InputColumn,
  type Row,
  widthOf,
} from "./input-columns.ts";
import { restoreTransform, type Transform, type TransformDescription } from "./transforms.ts";

/** The parts of a {@link Preparation}; a dataset has them all. @internal */
export interface PreparationParts {
  readonly inputShape: Shape;
  readonly targetShape: Shape;
  readonly columns?: readonly InputColumn[] | undefined;
  readonly classNames?: readonly string[] | undefined;
  readonly transform?: Transform | undefined;
  readonly targetTransform?: Transform | undefined;
}

/** A {@link Preparation} as plain data. JSON keeps every bit. */
export interface PreparationDescription {
  readonly kind: "preparation";
  readonly inputShape: Shape;
  readonly targetShape: Shape;
  readonly columns?: readonly InputColumn[];
  readonly classNames?: readonly string[];
  readonly transform?: TransformDescription;
  readonly targetTransform?: TransformDescription;
}

/**
 * The way from a row to the inputs of a net, and from its outputs back to an answer: the same encoding and the same fitted
 * transforms that the batches of a dataset go through. `dataset.preparation` makes it. It holds no samples; save
 * `JSON.stringify(preparation)` beside the weights, and read it with {@link restorePreparation}.
 *
 * @example
 * const { preparation } = prepared; // a dataset with columns, a transform and a targetTransform
 * const outputs = predict(net, preparation.encode({ rooms: 4, town: "Bern" }));
 * preparation.decode(outputs).item(); // a price in the units of the data
 */
export class Preparation {
  /** The shape of one sample. */
  readonly inputShape: Shape;
  /** The shape of one target. */
  readonly targetShape: Shape;
  /** The names of the numbers of a sample. */
  readonly columns: readonly InputColumn[] | undefined;
  /** The names of the classes that the net tells apart; `classNames[i]` for the index i. */
  readonly classNames: readonly string[] | undefined;
  readonly #transform: Transform | undefined;
  readonly #targetTransform: Transform | undefined;

  /** @internal */
  constructor(parts: PreparationParts, ...extra: readonly undefined[]) {
    noMore("Preparation", "parts", extra);
    this.inputShape = parts.inputShape;
    this.targetShape = parts.targetShape;
    this.columns = parts.columns;
    this.classNames = parts.classNames;
    this.#transform = parts.transform;
    this.#targetTransform = parts.targetTransform;
  }

  /**
   * The inputs of a net for new rows, transformed as those of the dataset.
   *
   * @param rows one row or a list of rows. With `columns` a row is an object with a value for each of them; others are
   * ignored. Without, it is an array of numbers of shape `inputShape`; a list of them has one axis more.
   * @returns `[n, ...inputShape]`, with n = 1 for a single row.
   * @throws ArgumentError for a row that lacks a column, a text or NaN for a number, a class that training did not have;
   * ShapeError for numbers of another shape.
   * @example preparation.encode({ age: 39, job: "clerk" }).shape; // [1, 5]
   */
  encode(rows: Row | readonly Row[] | Tensor | NestedNumbers, ...extra: readonly undefined[]): Tensor {
    noMore("preparation.encode", "rows", extra);
    const inputs = this.columns === undefined ? this.#numbers(rows as NestedNumbers) : this.#named(rows);
    for (let i = 0; i < inputs.data.length; i++) {
      if (Number.isFinite(inputs.data[i])) continue;
      throw new ArgumentError(`preparation.encode: ${inputs.data[i]} at ${i} is not a finite number`);
    }
    this.#transform?.(inputs.data, sizeOf(this.inputShape));
    return inputs;
  }

  #named(rows: unknown): Tensor {
    const columns = this.columns ?? [];
    const list = Array.isArray(rows) ? (rows as Row[]) : [rows as Row];
    const out = new Float64Array(list.length * widthOf(columns));
    for (const [i, row] of list.entries()) {
      const where = `preparation.encode: ${Array.isArray(rows) ? `row ${i}` : "the row"}`;
      out.set(encodeRow(row, columns, where), i * widthOf(columns));
    }
    return tensorOf(out, [list.length, ...this.inputShape]);
  }

  #numbers(rows: Tensor | NestedNumbers): Tensor {
    const shape = formatShape(this.inputShape);
    const { data, shape: found } = rows instanceof Tensor ? rows : tensor(rows);
    const one = String(found) === String(this.inputShape);
    if (!one && (found.length === 0 || String(found.slice(1)) !== String(this.inputShape))) {
      throw new ShapeError(
        `preparation.encode: needs numbers of shape ${shape}, or a list of such rows, got ${formatShape(found)}`,
      );
    }
    return tensorOf(data, one ? [1, ...this.inputShape] : found);
  }

  /**
   * The outputs of a net in the units of the stored targets: undoes the `targetTransform`. Without one the numbers stay.
   *
   * @param outputs `[n, ...targetShape]`, or as many numbers per row in another shape, such as [n, 1].
   * @returns a new tensor of the same shape.
   * @throws ShapeError for another number of values per row; ArgumentError if the targets are named classes, or if the
   * `targetTransform` is a function without `inverse`.
   * @example preparation.decode(predict(net, inputs)).toArray(); // prices
   */
  decode(outputs: Tensor, ...extra: readonly undefined[]): Tensor {
    noMore("preparation.decode", "outputs", extra);
    if (!(outputs instanceof Tensor)) {
      throw new ArgumentError(`preparation.decode: needs the outputs as a tensor, got ${show(outputs)}`);
    }
    if (this.classNames !== undefined) {
      throw new ArgumentError(
        "preparation.decode: the targets are classes: take classNames[index] of the largest output, by argmax",
      );
    }
    const size = sizeOf(this.targetShape);
    if (outputs.rank === 0 || sizeOf(outputs.shape.slice(1)) !== size) {
      const needed = formatShape(this.targetShape);
      throw new ShapeError(
        `preparation.decode: ${formatShape(outputs.shape)} are no rows of targets of shape ${needed}`,
      );
    }
    const values = Float64Array.from(outputs.data);
    if (this.#targetTransform !== undefined) {
      const { inverse } = this.#targetTransform;
      if (inverse === undefined) {
        throw new ArgumentError("preparation.decode: the targetTransform is a function without an inverse");
      }
      inverse(values, size);
    }
    return tensorOf(values, outputs.shape);
  }

  /**
   * The preparation as plain data, for `JSON.stringify`.
   *
   * @throws ArgumentError if a transform is a function without a description.
   */
  toJSON(): PreparationDescription {
    const transform = described("transform", this.#transform);
    const targetTransform = described("targetTransform", this.#targetTransform);
    return {
      kind: "preparation",
      inputShape: this.inputShape,
      targetShape: this.targetShape,
      ...(this.columns && { columns: this.columns }),
      ...(this.classNames && { classNames: this.classNames }),
      ...(transform && { transform }),
      ...(targetTransform && { targetTransform }),
    };
  }
}

function described(name: string, transform: Transform | undefined): TransformDescription | undefined {
  if (transform === undefined || transform.description !== undefined) return transform?.description;
  throw new ArgumentError(
    `preparation: the ${name} is a function without a description, so it cannot be saved. Use standardize, minMax, scale or compose`,
  );
}

/** A new tensor with a copy of the numbers. */
function tensorOf(numbers: ArrayLike<number>, shape: Shape): Tensor {
  const out = zeros(shape);
  out.data.set(numbers);
  return out;
}

const FIELDS: readonly (keyof PreparationDescription)[] = [
  "kind",
  "inputShape",
  "targetShape",
  "columns",
  "classNames",
  "transform",
  "targetTransform",
];

/**
 * Makes a preparation from its description, with the same bits as the original.
 *
 * @param description what `toJSON` gave, after `JSON.parse`.
 * @throws FormatError for anything but such a description, also if its parts do not fit each other.
 * @example
 * const text = JSON.stringify(prepared.preparation);
 * restorePreparation(JSON.parse(text)).encode({ age: 39, job: "clerk" });
 */
export function restorePreparation(
  description: PreparationDescription,
  ...extra: readonly undefined[]
): Preparation {
  noMore("restorePreparation", "description", extra);
  const who = "restorePreparation";
  try {
    const data = checkOptions(who, description, FIELDS) as unknown as PreparationDescription;
    if (data.kind !== "preparation") {
      throw new ArgumentError(`${who}: kind must be "preparation", got ${show(data.kind)}`);
    }
    const { columns, classNames } = data;
    const inputShape = checkShape(data.inputShape, `${who}: inputShape`);
    const targetShape = checkShape(data.targetShape, `${who}: targetShape`);
    if (columns !== undefined) checkColumns(columns, inputShape, who);
    if (classNames !== undefined) checkClasses(classNames, `${who}: classNames must be`);
    const transform = data.transform && restoreTransform(data.transform);
    const targetTransform = data.targetTransform && restoreTransform(data.targetTransform);
    // Without numbers a transform only checks the size of samples.
    transform?.(new Float64Array(0), sizeOf(inputShape));
    targetTransform?.(new Float64Array(0), sizeOf(targetShape));
    return new Preparation({ inputShape, targetShape, columns, classNames, transform, targetTransform });
  } catch (cause) {
    if (!(cause instanceof GradusError) || cause instanceof FormatError) throw cause;
    throw new FormatError(cause.message, { cause });
  }
}
