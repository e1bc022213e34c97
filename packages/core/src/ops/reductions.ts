import type { Shape } from "../shape.ts";
import { forEachRow } from "./loops.ts";
import { type ReduceParams, reducedShape } from "./reduce.ts";

/**
 * The loop of a reduction: calls `visit` for every element, in row-major order, with its position `i` and the position `k`
 * of its result.
 */
export function forEachElement(
  shape: Shape,
  { axes }: ReduceParams,
  visit: (k: number, i: number) => void,
): void {
  const kept = reducedShape(shape, { axes, keepDims: true });
  forEachRow(shape, [kept], (start, length, [at], [step]) => {
    for (let i = 0; i < length; i++) visit(at + i * step, start + i);
  });
}
