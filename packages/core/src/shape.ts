import { checks } from "./checks.ts";
import { ShapeError, show } from "./errors.ts";

export { show };

/**
 * The size of a tensor along each axis, outermost first: a matrix of 2 rows and 3 columns is `[2, 3]`, a scalar is
 * `[]`. Tensors are always row-major and contiguous, so a shape and the numbers say everything.
 */
export type Shape = readonly number[];

/** `[2,3]`: how shapes look in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** Number of elements, the product of all sizes; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a === b || (a.length === b.length && a.every((dimension, axis) => dimension === b[axis]));
}

/**
 * The shape of an element-wise operation, by NumPy's broadcasting rule: aligned at the last axis, two sizes fit when
 * they are equal or one of them is 1, and the result has the other one. Missing leading axes count as 1.
 *
 * @param behind number of axes that follow these, so that an error names the axis of the whole shape.
 * @throws ShapeError naming the axis where the sizes differ.
 * @example
 * broadcastShapes([4, 1], [3]); // [4, 3]
 */
export function broadcastShapes(a: Shape, b: Shape, behind = 0): Shape {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(`shapes do not broadcast: ${m} vs ${n} at axis ${axis - rank - behind}`);
    }
    out.push(m === 1 ? n : m);
  }
  return out;
}

/** Row-major strides: how far apart, in elements, two neighbours along each axis lie. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * {@link stridesOf} a shape read as if broadcast to `rank` axes: an axis of size 1, or one that is missing, has stride 0
 * and so repeats.
 */
export function broadcastStrides(shape: Shape, rank: number): number[] {
  const strides = new Array<number>(rank).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + rank - shape.length] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Turns an axis counted from the front or, negative, from the back into one counted from the front. */
export function normalizeAxis(axis: number, rank: number): number {
  checks.axes?.(axis, rank);
  return axis < 0 ? axis + rank : axis;
}

/** The axes to work on, sorted and counted from the front; all of them when `axes` is not given. */
export function normalizeAxes(axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  checks.axes?.(axes, rank);
  const list = (typeof axes === "number" ? [axes] : [...axes]).map((axis) => (axis < 0 ? axis + rank : axis));
  return list.sort((a, b) => a - b);
}
