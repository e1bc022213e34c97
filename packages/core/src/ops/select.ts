import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import { defineListOp, type ListOp } from "../list-op.ts";
import type { Op } from "../op.ts";
import { check } from "../options.ts";
import { counts, positiveCount } from "../ranges.ts";
import { formatShape, normalizeAxis, sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/** Params of {@link concat} and {@link stack}. */
export interface AxisParams {
  /** Default 0. */
  readonly axis?: number;
}

/**
 * Joins tensors along an existing axis.  Shapes: [a, m, b], [a, n, b] → [a, m + n, b].
 *
 * @throws ShapeError for an empty list, scalars, or sizes that differ on another axis.
 * @example concat([tensor([1, 2]), tensor([3])]); // [1, 2, 3]
 */
export const concat: ListOp<AxisParams> = defineListOp<AxisParams>({
  name: "concat",
  formula: "out = x₀, x₁, … end to end",
  shape: (shapes, params) => {
    const [first] = shapes;
    if (first === undefined) throw new ShapeError("needs at least one tensor");
    if (first.length === 0) throw new ShapeError("scalars have no axis to join along; use stack");
    const axis = normalizeAxis(params.axis, first.length);
    shapes.forEach((shape, i) => {
      if (shape.length !== first.length || !sameShape(shape.with(axis, 0), first.with(axis, 0))) {
        throw new ShapeError(
          `input ${i + 1} has shape ${formatShape(shape)}, the first ${formatShape(first)}: they may differ only at axis ${axis}`,
        );
      }
    });
    return first.with(
      axis,
      shapes.reduce((total, shape) => total + shape[axis], 0),
    );
  },
  forward: (inputs, out, outShape, params) => {
    joinRows(inputs, normalizeAxis(params.axis, outShape.length), out);
  },
  vjp: [
    (g, { shapes, params, index }) => {
      const axis = normalizeAxis(params.axis, g.rank);
      const start = shapes.slice(0, index).reduce((total, shape) => total + shape[axis], 0);
      return slice(g, { axis, start, end: start + shapes[index][axis] });
    },
  ],
  ranges: { axis: "whole" },
  defaults: { axis: 0 },
});

/** Concatenates the rows of all inputs; a row is the part of a tensor from `axis` on. */
function joinRows(inputs: readonly Tensor[], axis: number, out: Float64Array): void {
  const lengths = inputs.map(({ shape }) => sizeOf(shape.slice(axis)));
  const rowLength = lengths.reduce((total, length) => total + length, 0);
  let column = 0;
  inputs.forEach(({ data }, k) => {
    const length = lengths[k];
    for (let from = 0, to = column; from < data.length; from += length, to += rowLength) {
      out.set(data.subarray(from, from + length), to);
    }
    column += length;
  });
}

/**
 * Joins tensors of one shape along a new axis.  Shapes: k times [a, b] → [k, a, b], or [a, b, k] with axis -1.
 *
 * @throws ShapeError for an empty list or shapes that differ.
 * @example stack([tensor([1, 2]), tensor([3, 4])]); // [[1, 2], [3, 4]]
 */
export const stack: ListOp<AxisParams> = defineListOp<AxisParams>({
  name: "stack",
  formula: "out[k] = xₖ",
  shape: (shapes, params) => {
    const [first] = shapes;
    if (first === undefined) throw new ShapeError("needs at least one tensor");
    const axis = normalizeAxis(params.axis, first.length + 1);
    const different = shapes.findIndex((shape) => !sameShape(shape, first));
    if (different >= 0) {
      const [other, one] = [shapes[different], first].map(formatShape);
      throw new ShapeError(`input ${different + 1} has shape ${other}, the first ${one}: they must be equal`);
    }
    return first.toSpliced(axis, 0, shapes.length);
  },
  forward: (inputs, out, outShape, params) => {
    joinRows(inputs, normalizeAxis(params.axis, outShape.length), out);
  },
  vjp: [
    (g, { shapes, params: { axis }, index }) =>
      reshape(slice(g, { axis, start: index, end: index + 1 }), { shape: shapes[index] }),
  ],
  ranges: { axis: "whole" },
  defaults: { axis: 0 },
});

/** Params of {@link split}. */
export interface SplitParams {
  /** The size of every part (the last may be smaller), or the sizes of all parts, whose sum is the size of the axis. */
  readonly sizes: number | readonly number[];
  /** Default 0. */
  readonly axis?: number;
}

/**
 * Divides a tensor into parts along an axis, the inverse of {@link concat}.  Shapes: [a, n, b] → [a, s₀, b], [a, s₁, b], …
 *
 * @throws ArgumentError unless the sizes are whole and ≥ 0 (one for all: ≥ 1); ShapeError if they do not add up.
 * @example split(tensor([1, 2, 3, 4, 5]), { sizes: 2 }); // [[1, 2], [3, 4], [5]]
 */
export const split: Op<[x: Tensor], SplitParams, Tensor[]> = deriveOp<[x: Tensor], SplitParams, Tensor[]>({
  name: "split",
  formula: "out = [x[…, 0 … s₀ − 1, …], x[…, s₀ … s₀ + s₁ − 1, …], …]",
  arity: 1,
  compute: ([x], params) => {
    const axis = normalizeAxis(params.axis, x.rank);
    let start = 0;
    return partSizes(params.sizes, x.shape[axis], axis).map((size) => {
      const part = slice(x, { axis, start, end: start + size });
      start += size;
      return part;
    });
  },
  ranges: { sizes: "wholes", axis: "whole" },
  defaults: { axis: 0 },
  required: ["sizes"],
});

/** The size of each part of an axis of size n. */
function partSizes(sizes: number | readonly number[], n: number, axis: number): readonly number[] {
  if (!Array.isArray(sizes)) {
    const size = sizes as number;
    check("", "sizes", size, positiveCount);
    return new Array<number>(Math.max(1, Math.ceil(n / size))).fill(size); // `slice` clips the last part
  }
  check("", "sizes", sizes, counts);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== n)
    throw new ShapeError(`sizes ${show(sizes)} add up to ${total}, but axis ${axis} has size ${n}`);
  return sizes;
}
