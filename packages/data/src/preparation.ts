import {
  ArgumentError,
  checkOptions,
  checkShape,
  FormatError,
  formatShape,
  GradusError,
  type InputOf,
  noMore,
  type PerInput,
  type Shape,
  ShapeError,
  show,
  sizeOf,
  Tensor,
} from "@gradus/core";
import { refuseOperators } from "@gradus/core/internal";
import type { SomeInputs } from "./dataset-options.ts";
import { checkClasses, checkColumns, type InputColumn } from "./input-columns.ts";
import { type InputList, inputList } from "./input-list.ts";
import { InputPreparation, type Rows, tensorOf } from "./input-preparation.ts";
import { restoreTransform, runTransform, type Transform, type TransformDescription } from "./transforms.ts";

/** What a {@link Preparation} knows of the targets. @internal */
export interface TargetPreparation {
  readonly targetShape: Shape;
  readonly classNames?: readonly string[] | undefined;
  readonly targetTransform?: Transform | undefined;
}

/** A {@link Preparation} as plain data. JSON keeps every bit. For several inputs the first three are objects by name. */
export interface PreparationDescription {
  readonly kind: "preparation";
  readonly inputShape: PerInput<string, Shape>;
  readonly columns?: SomeInputs<string, readonly InputColumn[]>;
  readonly transform?: SomeInputs<string, TransformDescription>;
  readonly targetShape: Shape;
  readonly classNames?: readonly string[];
  readonly targetTransform?: TransformDescription;
}

/** `structuredClone` and `postMessage` refuse symbols, and show this text. */
const NOT_CLONED: symbol = Symbol("a preparation (send its toJSON() to restorePreparation)");

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
export class Preparation<Names extends string = never> {
  static {
    refuseOperators(Preparation.prototype, "a preparation", "preparation.encode(rows) gives inputs");
  }

  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly #inputs: InputList<InputPreparation>;
  /** The shape of one sample; for several inputs an object with the shape of each name. */
  readonly inputShape: PerInput<Names, Shape>;
  /** The shape of one target. */
  readonly targetShape: Shape;
  /** The names of the numbers of a sample; for several inputs an object with those of the names that have them. */
  readonly columns: SomeInputs<Names, readonly InputColumn[]> | undefined;
  /** The names of the classes that the net tells apart; `classNames[i]` for the index i. */
  readonly classNames: readonly string[] | undefined;
  /** Is applied to encoded rows; for several inputs an object with those of the names that have one. */
  readonly transform: SomeInputs<Names, Transform> | undefined;
  /** Is undone by {@link decode}. */
  readonly targetTransform: Transform | undefined;

  /** @internal */
  constructor(
    inputs: InputList<InputPreparation>,
    targets: TargetPreparation,
    ...extra: readonly undefined[]
  ) {
    noMore("Preparation", "parts", extra);
    this.#inputs = inputs;
    this.inputShape = inputs.map(({ shape }) => shape).shown as PerInput<Names, Shape>;
    this.columns = inputs.map(({ columns }) => columns).shownSome as typeof this.columns;
    this.transform = inputs.map(({ transform }) => transform).shownSome as typeof this.transform;
    this.targetShape = targets.targetShape;
    this.classNames = targets.classNames;
    this.targetTransform = targets.targetTransform;
    Object.freeze(this); // preparation.transform = … would be ignored
  }

  /**
   * The inputs of a net for new rows, transformed as those of the dataset.
   *
   * @param rows one row or a list of rows. With `columns` a row is an object with a value for each of them; others are
   * ignored. Without, it is an array of numbers of shape `inputShape`; a list of them has one axis more. For several inputs an
   * object with such rows for each name, as many for each.
   * @returns `[n, ...inputShape]`, with n = 1 for a single row; for several inputs an object of such tensors.
   * @throws ArgumentError for a row that lacks a column, a text or NaN for a number, a class that training did not have;
   * ShapeError for numbers of another shape.
   * @example preparation.encode({ age: 39, job: "clerk" }).shape; // [1, 5]
   */
  encode(rows: PerInput<Names, Rows>, ...extra: readonly undefined[]): InputOf<Names> {
    noMore("preparation.encode", "rows", extra);
    const who = "preparation.encode";
    const { names } = this.#inputs;
    const given = this.#inputs.all<Rows>(rows as never, who);
    const encoded = this.#inputs.map((input, name, i) =>
      input.encode(given.values[i], name === undefined ? who : `${who}: ${name}`),
    );
    const counts = encoded.map(({ shape }) => shape[0]);
    if (new Set(counts.values).size > 1) {
      throw new ShapeError(
        `${who}: needs as many rows for each of ${show(names)}, got ${show(counts.values)}`,
      );
    }
    return encoded.shown as InputOf<Names>;
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
    if (this.targetTransform !== undefined) {
      const { inverse } = this.targetTransform;
      if (inverse === undefined) {
        throw new ArgumentError("preparation.decode: the targetTransform is a function without an inverse");
      }
      runTransform(inverse, values, size);
    }
    return tensorOf(values, outputs.shape);
  }

  /**
   * The preparation as plain data, for `JSON.stringify`.
   *
   * @throws ArgumentError if a transform is a function without a description.
   */
  toJSON(): PreparationDescription {
    const { columns, classNames } = this;
    const transform = this.#inputs.map((input, name) =>
      described(name === undefined ? "transform" : `transform of ${name}`, input.transform),
    ).shownSome;
    const targetTransform = described("targetTransform", this.targetTransform);
    return {
      kind: "preparation",
      inputShape: this.inputShape as PerInput<string, Shape>,
      targetShape: this.targetShape,
      ...(columns && { columns: columns as SomeInputs<string, readonly InputColumn[]> }),
      ...(classNames && { classNames }),
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
export function restorePreparation<Names extends string = never>(
  description: PreparationDescription,
  ...extra: readonly undefined[]
): Preparation<Names> {
  noMore("restorePreparation", "description", extra);
  const who = "restorePreparation";
  try {
    const data = checkOptions(who, description, FIELDS) as unknown as PreparationDescription;
    if (data.kind !== "preparation") {
      throw new ArgumentError(`${who}: kind must be "preparation", got ${show(data.kind)}`);
    }
    const { classNames } = data;
    const shapes = inputList(data.inputShape as Shape, who);
    const columns = shapes.given<readonly InputColumn[]>(data.columns as never, `${who}: columns`);
    const transforms = shapes.given<TransformDescription>(data.transform as never, `${who}: transform`);
    const inputs = shapes.map((given, name, i) => {
      const where = name === undefined ? who : `${who}: ${name}`;
      const shape = checkShape(given, `${where}: inputShape`);
      const list = columns.values[i];
      if (list !== undefined) checkColumns(list, shape, where);
      const described = transforms.values[i];
      const transform = described === undefined ? undefined : restoreTransform(described);
      transform?.(new Float64Array(0), sizeOf(shape)); // without numbers it only checks the size of samples
      return new InputPreparation(shape, list, transform);
    });
    const targetShape = checkShape(data.targetShape, `${who}: targetShape`);
    if (classNames !== undefined) checkClasses(classNames, `${who}: classNames must be`);
    const { targetTransform: described } = data;
    const targetTransform = described === undefined ? undefined : restoreTransform(described);
    targetTransform?.(new Float64Array(0), sizeOf(targetShape));
    return new Preparation<Names>(inputs, { targetShape, classNames, targetTransform });
  } catch (cause) {
    if (!(cause instanceof GradusError) || cause instanceof FormatError) throw cause;
    throw new FormatError(cause.message, { cause });
  }
}
