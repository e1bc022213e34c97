import { defineOp, type Op } from "../op.ts";
import { normalizeAxes, normalizeAxis, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain, mul } from "./arithmetic.ts";
import { lanes } from "./lanes.ts";
import { keepReduced, REDUCE_ALL, type ReduceParams, reducedShape } from "./reduce.ts";
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
  required: ["axis"],
});

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
  const shift = (y: Tensor, by: number): Tensor =>
    slice(pad(y, { widths: y.shape.map((_, axis) => [axis === y.rank - 1 ? by : 0, 0]), value: 1 }), {
      axis: -1,
      end: count,
    });
  let product = shift(rows, 1);
  // Doubling (Hillis & Steele 1986): after the rounds, `product` is that of the last 1, 2, 4, … elements.
  for (let length = 1; length < count - 1; length *= 2) product = mul(product, shift(product, length));
  return product;
}
