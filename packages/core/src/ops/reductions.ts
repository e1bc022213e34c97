import type { Shape } from "../shape.ts";
import { forEachRow } from "./loops.ts";
import { type ReduceParams, reducedShape } from "./reduce.ts";

/**
 * The loop of a reduction: calls `visit` for every element at `i` with the place `k` of the result it goes into, in
 * row-major order of the elements.
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
