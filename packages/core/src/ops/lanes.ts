import { normalizeAxes, type Shape, sizeOf, stridesOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { copyStrided } from "./loops.ts";

/**
 * A tensor seen as [outer, count, inner]: `count` runs over the axes an op works along, and the element (o, r, i), element r
 * of lane (o, i), lies at data[(o·count + r)·inner + i]. Every reduction is then the same three loops, whatever the axes.
 */
export interface Lanes {
  readonly data: Float64Array;
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** Sees a shape as lanes along the given axes; null if other axes lie between them. */
export function lanesOf(shape: Shape, axes: readonly number[]): Omit<Lanes, "data"> | null {
  const first = axes[0] ?? shape.length;
  const end = first + axes.length;
  if (!axes.every((axis, i) => axis === first + i)) return null;
  const [outer, count] = [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, end))];
  return { outer, count, inner: sizeOf(shape.slice(end)) };
}

/** Views x along the given axes. Axes that do not lie side by side are first moved to the back, which copies. */
export function lanes({ data, shape }: Tensor, axes: number | readonly number[] | undefined): Lanes {
  const along = normalizeAxes(axes, shape.length);
  const direct = lanesOf(shape, along);
  if (direct) return { data, ...direct };
  const order = [...shape.keys()].filter((axis) => !along.includes(axis)).concat(along);
  const strides = stridesOf(shape);
  const [sizes, steps] = [order.map((axis) => shape[axis]), order.map((axis) => strides[axis])];
  const moved = new Float64Array(data.length);
  copyStrided(data, 0, steps, moved, sizes);
  const last = along.map((_, i) => i - along.length);
  return lanes(new Tensor(moved, sizes), last);
}
