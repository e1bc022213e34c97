import { broadcastStrides, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** The forward of an element-wise op of one tensor: out[i] = f(x[i]). */
export function map(f: (x: number) => number): (inputs: readonly [Tensor], out: Float64Array) => void {
  return ([x], out) => {
    const { data } = x;
    for (let i = 0; i < out.length; i++) out[i] = f(data[i]);
  };
}

/** The forward of an element-wise op of two tensors, broadcast against each other: out[i] = f(x[i], y[i]). */
export function zip(
  f: (x: number, y: number) => number,
): (inputs: readonly [Tensor, Tensor], out: Float64Array, outShape: Shape) => void {
  return ([{ data: x, shape: shapeX }, { data: y, shape: shapeY }], out, outShape) => {
    forEachRow(outShape, [shapeX, shapeY], (start, length, [atX, atY], [stepX, stepY]) => {
      for (let i = 0; i < length; i++) out[start + i] = f(x[atX + i * stepX], y[atY + i * stepY]);
    });
  };
}

/**
 * Walks a broadcast result row by row: calls `visit` with where the row starts in the result, its length, where it
 * starts in each input, and the step (0 if the input repeats, else 1) between neighbours in each input.
 */
export function forEachRow(
  outShape: Shape,
  shapes: readonly Shape[],
  visit: (start: number, length: number, at: readonly number[], steps: readonly number[]) => void,
): void {
  const size = sizeOf(outShape);
  if (size === 0) return;
  // Inputs that are whole or a single number need no rows: they are one long row.
  const sizes = shapes.map(sizeOf);
  if (sizes.every((inputSize) => inputSize === size || inputSize === 1)) {
    visit(
      0,
      size,
      shapes.map(() => 0),
      sizes.map((inputSize) => (inputSize === 1 && size !== 1 ? 0 : 1)),
    );
    return;
  }
  const rank = outShape.length;
  const strides = shapes.map((shape) => broadcastStrides(shape, rank));
  const steps = strides.map((stride) => stride[rank - 1]);
  const length = outShape[rank - 1];
  const index = new Array<number>(rank - 1).fill(0);
  const at = shapes.map(() => 0);
  for (let start = 0; start < size; start += length) {
    visit(start, length, at, steps);
    // Advance the index of the leading axes like an odometer.
    for (let axis = rank - 2; axis >= 0; axis--) {
      index[axis]++;
      for (let i = 0; i < at.length; i++) at[i] += strides[i][axis];
      if (index[axis] < outShape[axis]) break;
      for (let i = 0; i < at.length; i++) at[i] -= strides[i][axis] * outShape[axis];
      index[axis] = 0;
    }
  }
}

/** Fills `out` in row-major order from `data`, starting at `start` and stepping by one stride per axis. */
export function copyStrided(
  data: Float64Array,
  start: number,
  steps: readonly number[],
  out: Float64Array,
  outShape: Shape,
): void {
  let next = 0;
  const walk = (axis: number, from: number): void => {
    if (axis === outShape.length) {
      out[next++] = data[from];
      return;
    }
    const step = steps[axis];
    const size = outShape[axis];
    if (axis < outShape.length - 1) for (let i = 0; i < size; i++) walk(axis + 1, from + i * step);
    else for (let i = 0; i < size; i++) out[next++] = data[from + i * step];
  };
  walk(0, start);
}
