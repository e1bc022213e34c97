import { checkGiven } from "./check-given.ts";
import { checkShape, MOST_AXES } from "./check-shape.ts";
import { allocate } from "./check-sizes.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import type { TypedArray } from "./numbers.ts";
import { formatShape, type Shape, show, sizeOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** More elements than these are refused before they are looked at if there is no memory for them. */
const MANY = 1e6;

/** The arguments of `tensor`. @returns the shape. */
export function tensor(values: unknown, shape: Shape | undefined, extra: readonly unknown[]): Shape {
  if (extra.length > 0) checkGiven("tensor", "argument", {}, [], extra);
  const nesting: number[] = [];
  if (ArrayBuffer.isView(values)) {
    const { length } = values as TypedArray;
    if (length === undefined) throw new ArgumentError(`tensor: a ${show(values)} does not hold numbers`);
    nesting.push(length);
  }
  // An array may contain itself.
  for (let level = values; Array.isArray(level) && nesting.length <= MOST_AXES; level = level[0]) {
    nesting.push(level.length);
  }
  if (nesting.length > MOST_AXES || sizeOf(nesting) > MANY) allocate("tensor", nesting);
  // A BigInt64Array holds no numbers; any other holds nothing else.
  checkNumbers("tensor", values, ArrayBuffer.isView(values) ? [Math.min(1, nesting[0])] : nesting);
  const checked = shape === undefined ? nesting : checkShape(shape, "tensor");
  const [held, given] = [sizeOf(checked), sizeOf(nesting)];
  if (held === given) return checked;
  throw new ShapeError(
    `tensor: shape ${formatShape(checked)} holds ${held} elements, but ${given} values were given`,
  );
}

/** The values that a tensor gets in place of its own. */
export function assign(x: Tensor, values: unknown): void {
  const list = (values instanceof Tensor ? values.data : values) as ArrayLike<unknown>;
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) {
    throw new ArgumentError(`assign: needs numbers, got ${show(list)}`);
  }
  if (list.length !== x.size) {
    throw new ShapeError(`assign(${formatShape(x.shape)}): needs ${x.size} values, got ${list.length}`);
  }
  // A typed array holds numbers, or none.
  const looked = ArrayBuffer.isView(list) ? Math.min(1, x.size) : x.size;
  checkNumbers("assign", list, [looked]);
}

/** Throws unless `value`, at `path`, holds numbers in rows of these lengths from `axis` on; at axis 0 it is known to be as long. */
function checkNumbers(who: string, value: unknown, lengths: Shape, axis = 0, path = ""): void {
  const row = Array.isArray(value);
  const last = lengths.length - 1;
  if (axis === 0 ? last >= 0 : axis <= last && row && value.length === lengths[axis]) {
    const list = value as ArrayLike<unknown>;
    for (let i = axis < last ? 0 : firstOther(list, lengths[axis]); i < lengths[axis]; i++) {
      checkNumbers(who, list[i], lengths, axis + 1, `${path}[${i}]`);
    }
    return;
  }
  if (axis > last && typeof value === "number") return;
  const at = path || "the top";
  if (axis > last && !row) throw new ArgumentError(`${who}: ${show(value)} at ${at} is not a number`);
  const wrong =
    axis > last
      ? `found an array at ${at} where other rows have a number`
      : `${at} has ${row ? `${value.length} elements` : show(value)} where others have ${lengths[axis]}`;
  throw new ShapeError(`${who}: ragged array: ${wrong}`);
}

/** The index of the first element that is no number. A loop of its own, which V8 compiles to fast code. */
function firstOther(list: ArrayLike<unknown>, length: number): number {
  for (let i = 0; i < length; i++) if (typeof list[i] !== "number") return i;
  return length;
}
