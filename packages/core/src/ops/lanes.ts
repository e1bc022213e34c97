import { type LaneShape, lanesOf, normalizeAxes, sizeOf, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { copyStrided } from "./loops.ts";

/**
 * A tensor seen as [outer, count, inner]: `count` runs over the axes an op works along, and the element (o, r, i) lies
 * at data[(o·count + r)·inner + i]. Every reduction is then the same three loops, whatever the axes.
 */
export interface Lanes extends LaneShape {
  readonly data: Float64Array;
}

/** Views x along the given axes. Axes that do not lie side by side are first moved to the back, which copies. */
export function lanes({ data, shape }: Tensor, axes: number | readonly number[] | undefined): Lanes {
  const along = normalizeAxes(axes, shape.length);
  const direct = lanesOf(shape, along);
  if (direct) return { data, ...direct };
  const others = shape.map((_, axis) => axis).filter((axis) => !along.includes(axis));
  const order = [...others, ...along];
  const strides = stridesOf(shape);
  const moved = new Float64Array(data.length);
  copyStrided(
    data,
    0,
    order.map((axis) => strides[axis]),
    moved,
    order.map((axis) => shape[axis]),
  );
  const sizes = (axes: readonly number[]): number => sizeOf(axes.map((axis) => shape[axis]));
  return { data: moved, outer: sizes(others), count: sizes(along), inner: 1 };
}
