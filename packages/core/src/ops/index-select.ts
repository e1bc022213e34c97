import { ArgumentError, ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import { ownFunction } from "../own-code.ts";
import { placeOf } from "../print.ts";
import { normalizeAxis, type Shape, show, sizeOf, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { lanes } from "./lanes.ts";
import { forEachStridedRow } from "./loops.ts";
import type { AlongAxis } from "./scan.ts";

const SCALED = "; indices, such as those of an Embedding, take no transform such as standardize";

/**
 * Throws unless indices are whole numbers from 0 to size − 1. The message calls them by the `word`; `range` describes what
 * they point to.
 */
export function checkIndices(
  { data, shape }: Pick<Tensor, "data" | "shape">,
  size: number,
  range: string,
  word = "index",
): void {
  for (let i = 0; i < data.length; i++) {
    const index = data[i];
    if (index >= 0 && index < size && Number.isInteger(index)) continue;
    const subject = `${word} ${show(index)}${placeOf(i, shape)}`;
    if (!Number.isInteger(index))
      throw new ArgumentError(`${subject} is not a whole number${word === "index" ? SCALED : ""}`);
    const hint = index < 0 ? "; negative ones do not count from the end" : "";
    throw new ArgumentError(`${subject} is out of range: ${range}${hint}`);
  }
}

/**
 * The entries of x at given indices along an axis, in the order of the indices, with repeats.
 * Shapes: x [a, n, b], indices [k] → [a, k, b]. Indices of any shape [*s] replace the axis: [a, *s, b].
 *
 * The gradients of a repeated entry are added in row-major order of the indices. The indices have no gradient.
 *
 * @throws ArgumentError for an index that is not a whole number in [0, n), with its position.
 * @example indexSelect(tensor([5, 6, 7]), tensor([2, 0, 2]), { axis: 0 }); // [7, 5, 7]
 */
export const indexSelect: Op<[x: Tensor, indices: Tensor], AlongAxis> = defineOp<
  [x: Tensor, indices: Tensor],
  AlongAxis
>({
  name: "indexSelect",
  formula: "out[…, i, …] = x[…, indices[i], …]",
  shape: ([x, indices], params) => {
    const axis = normalizeAxis(params.axis, x.length);
    return x.toSpliced(axis, 1, ...indices);
  },
  forward: ([x, indices], out, _, params) => {
    const axis = normalizeAxis(params.axis, x.rank);
    const { data, outer, count, inner } = lanes(x, axis);
    checkIndices(indices, count, `axis ${axis} has size ${count}`);
    let to = 0;
    for (let o = 0; o < outer; o++) {
      for (const index of indices.data) {
        const from = (o * count + index) * inner;
        out.set(data.subarray(from, from + inner), to);
        to += inner;
      }
    }
  },
  vjp: [
    (g, { inputs: [, indices], shapes: [x], params }) => {
      const axis = normalizeAxis(params.axis, x.length);
      return indexAdd(g, indices, { axis, size: x[axis] });
    },
    null,
  ],
  ranges: { axis: "whole" },
  required: ["axis"],
});

interface IndexAddParams {
  readonly axis: number;
  /** Size of the axis in the result. */
  readonly size: number;
}

/** The adjoint of {@link indexSelect}: adds the entries of x, [a, *s, b], to zeros [a, size, b] at the indices [*s]. */
const indexAdd: Op<[x: Tensor, indices: Tensor], IndexAddParams> = defineOp<
  [x: Tensor, indices: Tensor],
  IndexAddParams
>({
  name: "indexAdd",
  formula: "out[…, indices[i], …] += x[…, i, …]",
  shape: ([x, indices], { axis, size }) => x.toSpliced(axis, indices.length, size),
  forward: ([{ data }, indices], out, outShape, { axis, size }) => {
    const outer = sizeOf(outShape.slice(0, axis));
    const inner = sizeOf(outShape.slice(axis + 1));
    let from = 0;
    for (let o = 0; o < outer; o++) {
      for (const index of indices.data) {
        const to = (o * size + index) * inner;
        for (let i = 0; i < inner; i++) out[to + i] += data[from++];
      }
    }
  },
  vjp: [(g, { inputs: [, indices], params: { axis } }) => indexSelect(g, indices, { axis }), null],
  required: ["axis", "size"],
});

/**
 * Calls `visit` for every index, in row-major order: `i` is its position, `target` that of the element of a tensor of
 * `shape` that it points to. The two elements have the same index on all other axes.
 */
function forEachTarget(
  { data, shape }: Tensor,
  target: Shape,
  axis: number,
  visit: (i: number, target: number) => void,
): void {
  const strides = stridesOf(target);
  forEachStridedRow(shape, [strides.with(axis, 0)], (first, length, [at], [step]) => {
    for (let i = 0; i < length; i++) visit(first + i, at + i * step + data[first + i] * strides[axis]);
  });
}

/** {@link gather} with its own check of the indices: errors of other ops speak of what the indices are there. */
export function gatherOp(
  name: string,
  check: (indices: Tensor, axis: number, size: number) => void,
): Op<[x: Tensor, indices: Tensor], AlongAxis> {
  const op = defineOp<[x: Tensor, indices: Tensor], AlongAxis>({
    name,
    formula: "out[i, j, k] = x[i, indices[i, j, k], k]",
    shape: ([x, indices], params) => {
      const axis = normalizeAxis(params.axis, x.length);
      if (indices.length !== x.length)
        throw new ShapeError(`indices must have as many axes as x: ${indices.length} vs ${x.length}`);
      const more = indices.findIndex((size, d) => d !== axis && size > x[d]);
      if (more >= 0)
        throw new ShapeError(
          `indices must not be more than x at axis ${more}: ${indices[more]} vs ${x[more]}`,
        );
      return indices;
    },
    forward: ([x, indices], out, _, params) => {
      const axis = normalizeAxis(params.axis, x.rank);
      const { data, shape } = x;
      check(indices, axis, shape[axis]);
      forEachTarget(indices, shape, axis, (i, target) => {
        out[i] = data[target];
      });
    },
    vjp: [
      (g, { inputs: [, indices], shapes: [x], params }) =>
        scatterAdd(g, indices, { axis: normalizeAxis(params.axis, x.length), shape: x }),
      null,
    ],
    ranges: { axis: "whole" },
    required: ["axis"],
  });
  ownFunction(op.spec); // its gradient rules read nothing from outside
  return op;
}

/**
 * One element of x for each index, along an axis.  Shapes: x [a, n, b], indices [a, k, b] → [a, k, b]; the indices may be
 * shorter than x on the other axes too.
 *
 * The gradients of a repeated element are added in row-major order of the indices. The indices have no gradient.
 *
 * @throws ShapeError if the ranks differ or the indices are longer than x on another axis; ArgumentError for an index that
 *   is not a whole number in [0, n), with its position.
 * @example gather(tensor([[1, 2], [3, 4]]), tensor([[1], [0]]), { axis: 1 }); // [[2], [3]]
 */
export const gather: Op<[x: Tensor, indices: Tensor], AlongAxis> = gatherOp("gather", (indices, axis, size) =>
  checkIndices(indices, size, `axis ${axis} has size ${size}`),
);

interface ScatterAddParams {
  readonly axis: number;
  /** Shape of the result. */
  readonly shape: Shape;
}

/** The adjoint of {@link gather}: adds each element of x to zeros, at its index. */
const scatterAdd: Op<[x: Tensor, indices: Tensor], ScatterAddParams> = defineOp<
  [x: Tensor, indices: Tensor],
  ScatterAddParams
>({
  name: "scatterAdd",
  formula: "out[i, indices[i, j, k], k] += x[i, j, k]",
  shape: (_, { shape }) => shape,
  forward: ([{ data }, indices], out, outShape, { axis }) => {
    forEachTarget(indices, outShape, axis, (i, target) => {
      out[target] += data[i];
    });
  },
  vjp: [(g, { inputs: [, indices], params: { axis } }) => gather(g, indices, { axis }), null],
  required: ["axis", "shape"],
});
