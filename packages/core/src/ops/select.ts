import { ArgumentError, ShapeError } from "../errors.ts";
import { defineListOp, defineOp, type ListOp, type Op } from "../op.ts";
import { sample } from "../samples.ts";
import { normalizeAxis, type Shape, sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { lanes } from "./lanes.ts";
import { copyStrided } from "./loops.ts";

/** Params of {@link slice}. */
export interface SliceParams {
  readonly axis: number;
  /** First index taken; negative ones count from the end. Default 0. */
  readonly start?: number;
  /** Index to stop before; negative ones count from the end. Default: the end. */
  readonly end?: number | undefined;
  /** Distance between indices taken, at least 1. Default 1. */
  readonly step?: number;
}

/**
 * A range of indices along one axis, as Python slices it: bounds beyond the ends are clipped.
 * Shapes: [a, n, b] → [a, count, b].
 *
 * @throws ArgumentError unless start, end and step are whole numbers and step ≥ 1.
 * @example slice(tensor([0, 1, 2, 3, 4]), { axis: 0, start: 1, end: -1 }); // [1, 2, 3]
 */
export const slice: Op<[x: Tensor], SliceParams> = defineOp<[x: Tensor], SliceParams>({
  name: "slice",
  formula: "out[…, i, …] = x[…, start + i·step, …]",
  shape: ([x], params) => {
    const { axis, count } = rangeOf(x, params);
    return x.with(axis, count);
  },
  forward: ([x], out, outShape, params) => {
    const { axis, start, step } = rangeOf(x.shape, params);
    const strides = x.shape.map((_, i) => sizeOf(x.shape.slice(i + 1)));
    copyStrided(x.data, start * strides[axis], strides.with(axis, strides[axis] * step), out, outShape);
  },
  vjp: [
    (g, { shapes: [x], params }) => {
      const { axis, start, step } = rangeOf(x, params);
      return unslice(g, { axis, start, step, size: x[axis] });
    },
  ],
  defaults: { start: 0, end: undefined, step: 1 },
  required: ["axis"],
  samples: [
    sample([[5]], { axis: 0, start: 1, end: 4 }),
    sample([[5]], { axis: -1, step: 2 }),
    sample([[2, 5, 2]], { axis: 1, start: -3, end: -1 }),
    sample([[1, 3]], { axis: 0 }),
    sample([[4, 2]], { axis: 0, start: 3, end: 1 }),
    sample([[0, 2]], { axis: 1, start: 1 }),
    sample([[3]], { axis: 0, start: -10, end: 10, step: 3 }),
  ],
  errors: [
    { inputs: [{ shape: [3] }], params: { axis: 1 }, message: /axis 1 is out of range/ },
    {
      inputs: [{ shape: [3] }],
      params: { axis: 0, step: 0 },
      message: /step must be a whole number ≥ 1, got 0/,
    },
    {
      inputs: [{ shape: [3] }],
      params: { axis: 0, start: 0.5 },
      message: /start must be a whole number, got 0.5/,
    },
  ],
});

/** A slice counted from the front and clipped to the axis. */
function rangeOf(
  shape: Shape,
  params: SliceParams,
): { axis: number; start: number; count: number; step: number } {
  const axis = normalizeAxis(params.axis, shape.length);
  const size = shape[axis];
  const { start = 0, end = size, step = 1 } = params;
  for (const [name, value] of Object.entries({ start, end })) {
    if (!Number.isSafeInteger(value))
      throw new ArgumentError(`${name} must be a whole number, got ${show(value)}`);
  }
  if (!Number.isSafeInteger(step) || step < 1)
    throw new ArgumentError(`step must be a whole number ≥ 1, got ${show(step)}`);
  const clip = (index: number): number => Math.min(size, Math.max(0, index < 0 ? index + size : index));
  return { axis, start: clip(start), count: Math.max(0, Math.ceil((clip(end) - clip(start)) / step)), step };
}

interface UnsliceParams {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  /** Size of the axis in the result. */
  readonly size: number;
}

/** The adjoint of {@link slice}: puts x back where it was taken from, zeros elsewhere. */
const unslice: Op<[x: Tensor], UnsliceParams> = defineOp<[x: Tensor], UnsliceParams>({
  name: "unslice",
  formula: "out[…, start + i·step, …] = x[…, i, …], else 0",
  shape: ([x], { axis, size }) => x.with(axis, size),
  forward: ([x], out, outShape, { axis, start, step }) => {
    const { data, outer, count, inner } = lanes(x, axis);
    for (let o = 0; o < outer; o++) {
      for (let r = 0; r < count; r++) {
        const from = (o * count + r) * inner;
        out.set(data.subarray(from, from + inner), (o * outShape[axis] + start + r * step) * inner);
      }
    }
  },
  vjp: [
    (g, { shapes: [x], params: { axis, start, step } }) =>
      slice(g, { axis, start, end: start + (x[axis] - 1) * step + 1, step }),
  ],
  required: ["axis", "start", "step", "size"],
  samples: [],
  errors: [],
});

/** Params of {@link concat} and {@link stack}. */
export interface AxisParams {
  /** Default 0. */
  readonly axis?: number;
}

/**
 * Joins tensors along an axis they already have.  Shapes: [a, m, b], [a, n, b] → [a, m + n, b].
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
        throw new ShapeError(`input ${i + 1} differs from the first elsewhere than at axis ${axis}`);
      }
    });
    return first.with(
      axis,
      shapes.reduce((total, shape) => total + shape[axis], 0),
    );
  },
  forward: (inputs, out, outShape, params) => {
    const axis = normalizeAxis(params.axis, outShape.length);
    const inner = sizeOf(outShape.slice(axis + 1));
    const rowLength = outShape[axis] * inner;
    let column = 0;
    for (const { data, shape } of inputs) {
      const length = shape[axis] * inner;
      for (let from = 0, to = column; from < data.length; from += length, to += rowLength) {
        out.set(data.subarray(from, from + length), to);
      }
      column += length;
    }
  },
  vjp: [
    (g, { shapes, params, index }) => {
      const axis = normalizeAxis(params.axis, g.rank);
      const start = shapes.slice(0, index).reduce((total, shape) => total + shape[axis], 0);
      return slice(g, { axis, start, end: start + shapes[index][axis] });
    },
  ],
  defaults: { axis: 0 },
  samples: [
    sample([[2], [3]]),
    sample([[1]]),
    sample(
      [
        [2, 1],
        [2, 3],
      ],
      { axis: 1 },
    ),
    sample(
      [
        [2, 3],
        [1, 3],
        [2, 3],
      ],
      { axis: -2 },
    ),
    sample(
      [
        [2, 1, 2],
        [2, 2, 2],
      ],
      { axis: 1 },
    ),
    sample([[0], [2]]),
    sample(
      [
        [2, 0],
        [2, 0],
      ],
      { axis: 0 },
    ),
  ],
  errors: [
    { inputs: [], message: /needs at least one tensor/ },
    { inputs: [{ shape: [] }], message: /scalars have no axis to join along; use stack/ },
    { inputs: [{ shape: [2] }, { shape: [2, 1] }], message: /input 2 differs from the first/ },
    {
      inputs: [{ shape: [2, 3] }, { shape: [2, 4] }],
      message: /concat\(\[2,3\], \[2,4\]\): input 2 differs/,
    },
    { inputs: [{ shape: [2] }], params: { axis: 1 }, message: /axis 1 is out of range/ },
  ],
});
