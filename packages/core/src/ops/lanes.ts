import { normalizeAxes, type Shape, sizeOf, stridesOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { copyStrided } from "./loops.ts";

/**
 * A lane is a row of `count` elements along the axes that an op reduces, for instance one column of a matrix for axis 0. There are
 * outer·inner lanes; element r of lane (o, i) is data[(o·count + r)·inner + i]. So every reduction is the same three loops.
 */
export interface Lanes {
  readonly data: Float64Array;
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** The numbers of lanes and of their elements, for the given axes; null if other axes lie between these. */
export function lanesOf(shape: Shape, axes: readonly number[]): Omit<Lanes, "data"> | null {
  const first = axes[0] ?? shape.length;
  const end = first + axes.length;
  if (!axes.every((axis, i) => axis === first + i)) return null;
  const [outer, count] = [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, end))];
  return { outer, count, inner: sizeOf(shape.slice(end)) };
}

/** The lanes of x along the given axes. If other axes lie between these, a copy of x has them at the back. */
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
