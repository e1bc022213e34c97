import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import { formatShape, normalizeAxes, normalizeAxis, show, sizeOf, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";
import { strided } from "./strided.ts";

/** Params of {@link flatten}. */
export interface FlattenParams {
  /** First axis to merge. Default 0. */
  readonly start?: number;
  /** Last axis to merge. Default -1. */
  readonly end?: number;
}

/**
 * Merges the axes `start` to `end` into one.  Shapes: [a, b, c] → [a·b·c].
 *
 * @example flatten(zeros([32, 28, 28]), { start: 1 }); // shape [32, 784]
 */
export const flatten: Op<[x: Tensor], FlattenParams> = deriveOp<[x: Tensor], FlattenParams>({
  name: "flatten",
  formula: "out = x with the axes start…end merged",
  arity: 1,
  compute: ([x], { start, end }) => {
    if (x.rank === 0) return reshape(x, { shape: [1] });
    const first = normalizeAxis(start, x.rank);
    const last = normalizeAxis(end, x.rank);
    if (first > last) throw new ShapeError(`start axis ${first} comes after end axis ${last}`);
    const merged = sizeOf(x.shape.slice(first, last + 1));
    return reshape(x, { shape: [...x.shape.slice(0, first), merged, ...x.shape.slice(last + 1)] });
  },
  ranges: { start: "whole", end: "whole" },
  defaults: { start: 0, end: -1 },
});

/** Params of {@link squeeze}. */
export interface SqueezeParams {
  /** The axes to drop, each of size 1. Default: all of size 1. */
  readonly axes?: number | readonly number[] | undefined;
}

/**
 * Drops axes of size 1.  Shapes: [a, 1, b] → [a, b].
 *
 * @throws ShapeError if a given axis has another size (PyTorch silently keeps it).
 * @example squeeze(zeros([3, 1])); // shape [3]
 */
export const squeeze: Op<[x: Tensor], SqueezeParams> = deriveOp<[x: Tensor], SqueezeParams>({
  name: "squeeze",
  formula: "out = x without axes of size 1",
  arity: 1,
  compute: ([x], { axes }) => {
    const named = axes === undefined ? undefined : normalizeAxes(axes, x.rank);
    const wrong = named?.find((axis) => x.shape[axis] !== 1);
    if (wrong !== undefined) throw new ShapeError(`axis ${wrong} has size ${x.shape[wrong]}, not 1`);
    return reshape(x, {
      shape: x.shape.filter((size, axis) => !(named ? named.includes(axis) : size === 1)),
    });
  },
  ranges: { axes: "wholes" },
  defaults: { axes: undefined },
});

/** Params of {@link unsqueeze}. */
export interface UnsqueezeParams {
  /** The position of the new axis in the result: 0 is first, -1 last. */
  readonly axis: number;
}

/** Inserts an axis of size 1.  Shapes: [a, b] → [a, 1, b].  @example unsqueeze(zeros([3]), { axis: 0 }); // shape [1, 3] */
export const unsqueeze: Op<[x: Tensor], UnsqueezeParams> = deriveOp<[x: Tensor], UnsqueezeParams>({
  name: "unsqueeze",
  formula: "out = x with an axis of size 1 inserted",
  arity: 1,
  compute: ([x], { axis }) => reshape(x, { shape: x.shape.toSpliced(normalizeAxis(axis, x.rank + 1), 0, 1) }),
  ranges: { axis: "whole" },
  required: ["axis"],
});

/** Params of {@link permute}. */
export interface PermuteParams {
  /** For each axis of the result, the axis of x. */
  readonly axes: readonly number[];
}

/**
 * Reorders the axes.  Shapes: axis i of the result is axis `axes[i]` of x.
 *
 * @throws ShapeError if `axes` does not name every axis once.
 * @example permute(zeros([2, 3, 4]), { axes: [2, 0, 1] }); // shape [4, 2, 3]
 */
export const permute: Op<[x: Tensor], PermuteParams> = defineOp<[x: Tensor], PermuteParams>({
  name: "permute",
  formula: "out[i_axes] = x[i]",
  shape: ([x], { axes }) => permutation(axes, x.length).map((axis) => x[axis]),
  ...strided((x, _, { axes }) => {
    const strides = stridesOf(x);
    return [0, permutation(axes, x.length).map((axis) => strides[axis])];
  }),
  vjp: [
    (g, { shapes: [x], params: { axes } }) => {
      const order = permutation(axes, x.length);
      return permute(g, { axes: order.map((_, axis) => order.indexOf(axis)) });
    },
  ],
  ranges: { axes: "wholes" },
  required: ["axes"],
});

function permutation(axes: readonly number[], rank: number): number[] {
  if (!Array.isArray(axes)) throw new ShapeError(`axes must be an array of all axes, got ${show(axes)}`);
  normalizeAxes(axes, rank);
  if (axes.length !== rank) throw new ShapeError(`needs all ${rank} axes, got ${formatShape(axes)}`);
  return axes.map((axis) => normalizeAxis(axis, rank));
}

/** Params of {@link transpose}. */
export interface TransposeAxes {
  /** The two axes to swap. Default: the last two. */
  readonly axes?: readonly [number, number];
}

/** Swaps two axes, by default the last two.  Shapes: [m, n] → [n, m].  @example transpose(tensor([[1, 2]])); // [[1], [2]] */
export const transpose: Op<[x: Tensor], TransposeAxes> = deriveOp<[x: Tensor], TransposeAxes>({
  name: "transpose",
  formula: "out[…, j, i] = x[…, i, j]",
  arity: 1,
  compute: ([x], { axes }) => {
    if (!Array.isArray(axes) || axes.length !== 2)
      throw new ShapeError(`axes must be the two to swap, got ${show(axes)}`);
    const [i, j] = axes.map((axis) => normalizeAxis(axis, x.rank));
    const order = x.shape.map((_, axis) => (axis === i ? j : axis === j ? i : axis));
    return permute(x, { axes: order });
  },
  ranges: { axes: "wholes" },
  defaults: { axes: [-2, -1] },
});
