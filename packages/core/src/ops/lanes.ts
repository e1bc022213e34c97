import { normalizeAxes, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { copyStrided } from "./loops.ts";

/**
 * A tensor seen as [outer, count, inner]: `count` runs over the axes an op works along, and the element (o, r, i) lies
 * at data[(o·count + r)·inner + i]. Every reduction is then the same three loops, whatever the axes.
 */
export interface Lanes {
  readonly data: Float64Array;
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** Views x along the given axes. Axes that do not lie side by side are first moved to the back, which copies. */
export function lanes({ data, shape }: Tensor, axes: number | readonly number[] | undefined): Lanes {
  const along = normalizeAxes(axes, shape.length);
  const first = along[0] ?? shape.length;
  const end = first + along.length;
  const count = sizeOf(along.map((axis) => shape[axis]));
  if (along.every((axis, i) => axis === first + i)) {
    return { data, outer: sizeOf(shape.slice(0, first)), count, inner: sizeOf(shape.slice(end)) };
  }
  const others = shape.map((_, axis) => axis).filter((axis) => !along.includes(axis));
  const order = [...others, ...along];
  const moved = new Float64Array(data.length);
  const steps = order.map((axis) => sizeOf(shape.slice(axis + 1)));
  copyStrided(
    data,
    0,
    steps,
    moved,
    order.map((axis) => shape[axis]),
  );
  return { data: moved, outer: sizeOf(others.map((axis) => shape[axis])), count, inner: 1 };
}
