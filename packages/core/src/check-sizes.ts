import { MOST_AXES } from "./check-shape.ts";
import { ShapeError } from "./errors.ts";
import type { MatmulParams } from "./product.ts";
import { formatShape, type Shape, show, sizeOf } from "./shape.ts";

// Checks of shapes, axes and sizes that the heart calls through `checks` (check-calls.ts).

/** Zeros for a tensor. @throws ShapeError for more than 64 axes, or more elements than there is memory for. */
export function allocate(who: string, shape: Shape): Float64Array {
  const lead = who && `${who}: `;
  if (shape.length > MOST_AXES) throw new ShapeError(`${lead}a tensor has at most ${MOST_AXES} axes`);
  const size = sizeOf(shape);
  try {
    return new Float64Array(size);
  } catch {
    throw new ShapeError(`${lead}shape ${show(shape)} takes ${8 * size} bytes: more than this machine gives`);
  }
}

function inRange(axis: number, rank: number): void {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return;
  const range = rank === 0 ? "a scalar has no axes" : `it must be in [${-rank}, ${rank - 1}]`;
  throw new ShapeError(`axis ${show(axis)} is out of range: ${range}`);
}

/** An axis of a tensor of this rank, or several. */
export function axes(given: number | readonly number[], rank: number): void {
  if (typeof given === "number") {
    inRange(given, rank);
    return;
  }
  for (const axis of given) inRange(axis, rank);
  const counted = given.map((axis) => (axis < 0 ? axis + rank : axis));
  const repeated = counted.find((axis, i) => counted.indexOf(axis) !== i);
  if (repeated !== undefined)
    throw new ShapeError(`axis ${repeated} appears more than once in ${show(given)}`);
}

/** The shape that `reshape` is given. */
export function reshape(to: Shape): void {
  const bad = to.findIndex((size) => !Number.isSafeInteger(size) || size < -1);
  if (bad >= 0)
    throw new ShapeError(`size ${show(to[bad])} at axis ${bad} is neither a whole number ≥ 0 nor -1`);
  const unknown = to.indexOf(-1);
  if (unknown < 0) return;
  if (to.lastIndexOf(-1) !== unknown) throw new ShapeError("only one size can be -1");
  if (sizeOf(to) === 0) throw new ShapeError(`-1 could be any size in ${formatShape(to)}: another size is 0`);
}

/** The shape that x is to be repeated to. */
export function broadcastTo(x: Shape, shape: Shape): void {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new ShapeError(`shape must be an array of whole numbers ≥ 0, got ${show(shape)}`);
  const first = shape.length - x.length;
  const wrong = x.findLastIndex((size, axis) => size !== 1 && size !== shape[first + axis]);
  if (first >= 0 && wrong < 0) return;
  const reason =
    first < 0 ? "it has fewer axes" : `${x[wrong]} vs ${shape[first + wrong]} at axis ${wrong - x.length}`;
  throw new ShapeError(`cannot be repeated to ${show(shape)}: ${reason}`);
}

/** The sides of a matrix product. */
export function product(x: Shape, y: Shape, { transposeX, transposeY }: MatmulParams): void {
  if (x.length === 0 || y.length === 0) throw new ShapeError("a scalar has no matrix product; use mul");
  if ((transposeX && x.length === 1) || (transposeY && y.length === 1)) {
    throw new ShapeError("a vector cannot be transposed");
  }
}
