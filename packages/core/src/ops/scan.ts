import { defineOp, type Op } from "../op.ts";
import { normalizeAxes, normalizeAxis, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul } from "./arithmetic.ts";
import { lanes } from "./lanes.ts";
import { keepReduced, REDUCE_ALL, REDUCE_RANGES, type ReduceParams, reducedShape } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { reshape } from "./reshape.ts";
import { permute } from "./shape-ops.ts";
import { flip, pad, slice } from "./slice.ts";

/** Params of an op along one axis. */
export interface AlongAxis {
  /** The axis; negative ones count from the back. */
  readonly axis: number;
}

/** The result shape of an op along an axis that keeps the shape. @throws ShapeError if there is no such axis. */
export function keptAlongAxis([x]: readonly [Shape], { axis }: AlongAxis): Shape {
  normalizeAxis(axis, x.length);
  return x;
}

/**
 * Running sum along an axis, outᵢ = x₀ + x₁ + … + xᵢ, added one at a time in increasing i.  Shapes: kept.
 *
 * @throws ShapeError if x has no such axis.
 * @example cumsum(tensor([1, 2, 3]), { axis: 0 }); // [1, 3, 6]
 */
export const cumsum: Op<[x: Tensor], AlongAxis> = defineOp<[x: Tensor], AlongAxis>({
  name: "cumsum",
  formula: "outᵢ = Σ xⱼ over j ≤ i",
  shape: keptAlongAxis,
  forward: ([x], out, _, { axis }) => {
    const { data, outer, count, inner } = lanes(x, axis);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let total = 0;
        for (let r = 0; r < count; r++) {
          const at = (o * count + r) * inner + i;
          total += data[at];
          out[at] = total;
        }
      }
    }
  },
  // xⱼ is in all sums from the j-th on, so its gradient is the running sum of g from the end.
  vjp: [(g, { params: { axis } }) => flip(cumsum(flip(g, { axes: axis }), { axis }), { axes: axis })],
  ranges: { axis: "whole" },
  required: ["axis"],
});

/**
 * Running product along an axis, outᵢ = x₀·x₁·…·xᵢ, multiplied one at a time in increasing i.  Shapes: kept.  Its gradient divides by
 * nothing, so it is right for zeros.
 *
 * @throws ShapeError if x has no such axis.
 * @example cumprod(tensor([1, 2, 3]), { axis: 0 }); // [1, 2, 6]
 */
export const cumprod: Op<[x: Tensor], AlongAxis> = defineOp<[x: Tensor], AlongAxis>({
  name: "cumprod",
  formula: "outᵢ = Π xⱼ over j ≤ i",
  shape: keptAlongAxis,
  forward: ([x], out, _, { axis }) => {
    const { data, outer, count, inner } = lanes(x, axis);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let product = 1;
        for (let r = 0; r < count; r++) {
          const at = (o * count + r) * inner + i;
          product *= data[at];
          out[at] = product;
        }
      }
    }
  },
  vjp: [(g, { inputs: [x], params: { axis } }) => runningProductGradient(g, x, axis)],
  ranges: { axis: "whole" },
  required: ["axis"],
});

/**
 * The gradient of xⱼ is (x₀…xⱼ₋₁)·sⱼ with sⱼ = gⱼ + xⱼ₊₁·sⱼ₊₁. The recurrence is solved by doubling (Hillis & Steele 1986): after the
 * rounds, s holds the terms of the next 1, 2, 4, … elements, and `factor` the product of as many.
 */
function runningProductGradient(g: Tensor, x: Tensor, axis: number): Tensor {
  const count = x.shape[normalizeAxis(axis, x.rank)];
  let s = g;
  let factor = shift(x, axis, -1, 0);
  for (let length = 1; length < count; length *= 2) {
    s = add(s, chain(shift(s, axis, -length, 0), factor));
    factor = mul(factor, shift(factor, axis, -length, 0));
  }
  return chain(s, shift(cumprod(x, { axis }), axis, 1, 1));
}

/** Moves the elements `by` places along an axis, towards its end if `by` > 0, and fills the gap with `value`. */
function shift(x: Tensor, axis: number, by: number, value: number): Tensor {
  const at = normalizeAxis(axis, x.rank);
  const count = x.shape[at];
  const gap = Math.min(Math.abs(by), count);
  const kept = slice(x, { axis, start: by < 0 ? gap : 0, end: by < 0 ? count : count - gap });
  const widths = x.shape.map((_, k): [number, number] => (k !== at ? [0, 0] : by < 0 ? [0, gap] : [gap, 0]));
  return pad(kept, { widths, value });
}

/**
 * Product over axes.  Shapes: the reduced axes are removed, or keep size 1 with `keepDims`.
 *
 * Each element is 1·x₀·x₁·…, multiplied one at a time in row-major order of the reduced axes. The product of no elements
 * is 1. The gradient of a factor is the product of the others, which, unlike out/x, is right for zeros.
 *
 * @example prod(tensor([[1, 2], [3, 4]]), { axes: 1 }); // [2, 12]
 */
export const prod: Op<[x: Tensor], ReduceParams> = defineOp<[x: Tensor], ReduceParams>({
  name: "prod",
  formula: "out = Π x",
  shape: ([x], params) => reducedShape(x, params),
  forward: ([x], out, _, params) => {
    out.fill(1);
    forEachElement(x.shape, params, (k, i) => {
      out[k] *= x.data[i];
    });
  },
  vjp: [(g, { inputs: [x], params }) => chain(keepReduced(g, x.shape, params), productOfOthers(x, params))],
  ranges: REDUCE_RANGES,
  defaults: REDUCE_ALL,
});

/** For each element the product of all others in its reduction. */
function productOfOthers(x: Tensor, { axes }: ReduceParams): Tensor {
  const along = normalizeAxes(axes, x.rank);
  const order = [...x.shape.keys()].filter((axis) => !along.includes(axis)).concat(along);
  const moved = permute(x, { axes: order });
  const rows = reshape(moved, {
    shape: [...moved.shape.slice(0, x.rank - along.length), sizeOf(along.map((axis) => x.shape[axis]))],
  });
  const after = flip(productOfEarlier(flip(rows, { axes: -1 })), { axes: -1 });
  const others = reshape(mul(productOfEarlier(rows), after), { shape: moved.shape });
  return permute(others, { axes: order.map((_, axis) => order.indexOf(axis)) });
}

/** For each element the product of the elements before it in its row, 1 for the first. */
function productOfEarlier(rows: Tensor): Tensor {
  const count = rows.shape[rows.rank - 1];
  let product = shift(rows, -1, 1, 1);
  // Doubling (Hillis & Steele 1986): after the rounds, `product` is that of the last 1, 2, 4, … elements.
  for (let length = 1; length < count - 1; length *= 2) product = mul(product, shift(product, -1, length, 1));
  return product;
}
