import { deriveOp } from "../derived-op.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Walk } from "../kernel.ts";
import { defineOp, type Op } from "../op.ts";
import { count, isListOf, type Range } from "../ranges.ts";
import { normalizeAxes, normalizeAxis, type Shape, show, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { forEachStridedRow } from "./loops.ts";
import { strided } from "./strided.ts";

/** Params of {@link slice}. */
export interface SliceParams {
  /** The axis; negative ones count from the end. */
  readonly axis: number;
  /** The first index; negative ones count from the end. Default 0. */
  readonly start?: number;
  /** The index after the last; negative ones count from the end. Default: the end. */
  readonly end?: number | undefined;
  /** The distance between indices, at least 1. Default 1. */
  readonly step?: number;
}

/**
 * A range of indices along one axis, as in Python: bounds beyond the ends are clipped.
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
  ...strided((x, _, params) => {
    const { axis, start, step } = rangeOf(x, params);
    const strides = stridesOf(x);
    return [start * strides[axis], strides.with(axis, strides[axis] * step)];
  }),
  vjp: [
    (g, { shapes: [x], params }) => {
      const { axis, start, step } = rangeOf(x, params);
      return place(g, {
        shape: x,
        starts: x.map((_, i) => (i === axis ? start : 0)),
        steps: x.map((_, i) => (i === axis ? step : 1)),
        value: 0,
      });
    },
  ],
  ranges: { axis: "whole", start: "whole", end: "whole", step: "positiveCount" },
  defaults: { start: 0, end: undefined, step: 1 },
  required: ["axis"],
});

/** The bounds of a slice, counted from the front and clipped to the axis. */
function rangeOf(
  shape: Shape,
  params: SliceParams,
): { axis: number; start: number; count: number; step: number } {
  const axis = normalizeAxis(params.axis, shape.length);
  const size = shape[axis];
  const { start = 0, end = size, step = 1 } = params;
  const clip = (index: number): number => Math.min(size, Math.max(0, index < 0 ? index + size : index));
  return { axis, start: clip(start), count: Math.max(0, Math.ceil((clip(end) - clip(start)) / step)), step };
}

interface PlaceParams {
  /** Shape of the result. */
  readonly shape: Shape;
  /** Along each axis, the position of the first element and the distance between neighbours. */
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  /** The value of all other elements. */
  readonly value: number;
}

/** Writes x into a larger tensor. With steps of 1 this is padding; with value 0 it is the adjoint of {@link slice}. */
const place: Op<[x: Tensor], PlaceParams> = defineOp<[x: Tensor], PlaceParams>({
  name: "place",
  formula: "out[starts + i·steps] = x[i], else value",
  shape: (_, { shape }) => shape,
  forward: ([x], out, outShape, params) => {
    out.fill(params.value);
    const { data } = x;
    const [start, moves] = placeWalk(outShape, params);
    forEachStridedRow(x.shape, [moves], (from, length, [at], [step]) => {
      for (let i = 0; i < length; i++) out[start + at + i * step] = data[from + i];
    });
  },
  kernel: {
    layout: "strided",
    walks: (x, out, params) =>
      Object.is(params.value, 0) ? [[0, stridesOf(x)], placeWalk(out, params)] : null,
  },
  vjp: [
    (g, { shapes: [x], params: { starts, steps } }) =>
      x.reduce((part, size, axis) => {
        const [start, step] = [starts[axis], steps[axis]];
        return size === part.shape[axis]
          ? part
          : slice(part, { axis, start, end: start + size * step, step });
      }, g),
  ],
  required: ["shape", "starts", "steps", "value"],
});

/** Where the elements of x lie in the result of {@link place}. */
function placeWalk(out: Shape, { starts, steps }: PlaceParams): Walk {
  const strides = stridesOf(out);
  const start = starts.reduce((sum, first, axis) => sum + first * strides[axis], 0);
  return [start, steps.map((step, axis) => step * strides[axis])];
}

const PAIRS: Range = { says: "must be an array of pairs [before, after]", admits: Array.isArray };

/** Params of {@link pad}. */
export interface PadParams {
  /** For each axis, the numbers of elements to add before and after. (PyTorch's list is flat, from the last axis on.) */
  readonly widths: readonly (readonly [before: number, after: number])[];
  /** The value of the added elements. Default 0. */
  readonly value?: number;
}

/**
 * Adds elements of one value around x.  Shapes: each axis grows by its two widths.
 *
 * @throws ShapeError unless there is a pair of widths for each axis; ArgumentError unless they are whole and ≥ 0.
 * @example pad(tensor([1, 2]), { widths: [[1, 2]] }); // [0, 1, 2, 0, 0]
 */
export const pad: Op<[x: Tensor], PadParams> = deriveOp<[x: Tensor], PadParams>({
  name: "pad",
  formula: "out = x surrounded by a value",
  arity: 1,
  compute: ([x], { widths, value }) => {
    if (widths.length !== x.rank)
      throw new ShapeError(`widths must be ${x.rank} pairs, one for each axis, got ${show(widths)}`);
    Array.from<unknown>(widths).forEach((pair, axis) => {
      if (!isListOf(pair, count.admits) || (pair as readonly number[]).length !== 2) {
        throw new ArgumentError(`widths of axis ${axis} must be two whole numbers ≥ 0, got ${show(pair)}`);
      }
    });
    return place(x, {
      shape: x.shape.map((size, axis) => widths[axis][0] + size + widths[axis][1]),
      starts: widths.map(([before]) => before),
      steps: widths.map(() => 1),
      value,
    });
  },
  ranges: { widths: PAIRS, value: "number" },
  defaults: { value: 0 },
  required: ["widths"],
});

/** Params of {@link flip}. */
export interface FlipParams {
  /** One axis or several, negative ones counted from the back. */
  readonly axes: number | readonly number[];
}

/**
 * Reverses the order of the elements along axes.  Shapes: kept.
 *
 * @throws ShapeError if x has no such axis or one is named twice.
 * @example flip(tensor([1, 2, 3]), { axes: 0 }); // [3, 2, 1]
 */
export const flip: Op<[x: Tensor], FlipParams> = defineOp<[x: Tensor], FlipParams>({
  name: "flip",
  formula: "out[…, i, …] = x[…, n − 1 − i, …]",
  shape: ([x], { axes }) => {
    normalizeAxes(axes, x.length);
    return x;
  },
  ...strided((x, _, { axes }) => {
    const strides = stridesOf(x);
    let start = 0;
    for (const axis of normalizeAxes(axes, x.length)) {
      start += (x[axis] - 1) * strides[axis];
      strides[axis] *= -1;
    }
    return [start, strides];
  }),
  vjp: [(g, { params }) => flip(g, params)],
  ranges: { axes: "wholes" },
  required: ["axes"],
});
