import { checks } from "./checks.ts";
import { ShapeError, show } from "./errors.ts";

export { show };

/**
 * The size of a tensor along each axis, outermost first: a matrix of 2 rows and 3 columns is `[2, 3]`, a scalar is `[]`. The rank
 * is the number of axes. Tensors are always row-major (row after row) and contiguous (without gaps): they need no strides of their own.
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
 * The shape of the result of an element-wise operation, by NumPy's broadcasting rule. The last axes are aligned, and missing leading
 * axes count as 1. Two sizes fit if they are equal or one of them is 1; the result has the size that is not 1.
 *
 * @param behind number of axes that follow a and b in the whole shapes (2 for batches of matrices): errors count axes from the back.
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

/** Row-major strides: the distance, in elements, between two neighbours along each axis. `[2, 3]` has the strides `[3, 1]`. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * The strides of a shape that is broadcast to `rank` axes. An axis that is missing or has size 1 has stride 0, so its elements
 * repeat: `[2, 1]` at rank 3 has `[0, 1, 0]`.
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
