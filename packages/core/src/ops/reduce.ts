import { checks } from "../checks.ts";
import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastStrides, normalizeAxes, type Shape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { lanes } from "./lanes.ts";
import { copyStrided } from "./loops.ts";
import { reshape } from "./reshape.ts";

/** Which axes a reduction removes. */
export interface ReduceParams {
  /** One axis or several, negative ones counted from the back. Default: all. */
  readonly axes?: number | readonly number[] | undefined;
  /** Whether the reduced axes stay, with size 1. Default false. */
  readonly keepDims?: boolean;
}

/** The defaults of every reduction: over all axes, which are removed; and what its params may be. */
export const REDUCE_ALL: Required<ReduceParams> = { axes: undefined, keepDims: false };
export const REDUCE_RANGES = { axes: "wholes", keepDims: "flag" } as const;

/** The shape after a reduction. */
export function reducedShape(shape: Shape, { axes, keepDims }: ReduceParams): Shape {
  if (axes === undefined) return keepDims ? shape.map(() => 1) : [];
  const reduced = normalizeAxes(axes, shape.length);
  if (keepDims) return shape.map((size, axis) => (reduced.includes(axis) ? 1 : size));
  return shape.filter((_, axis) => !reduced.includes(axis));
}

/**
 * Sum over axes.  Shapes: the reduced axes vanish, or stay with size 1 under `keepDims`.
 *
 * Each element is 0 + x₀ + x₁ + …, added one at a time in row-major order of the reduced axes. The sum of nothing is 0.
 *
 * @example sum(tensor([[1, 2], [3, 4]]), { axes: 0 }); // [4, 6]
 */
export const sum: Op<[x: Tensor], ReduceParams> = defineOp<[x: Tensor], ReduceParams>({
  name: "sum",
  formula: "out = Σ x",
  shape: ([x], params) => reducedShape(x, params),
  forward: ([x], out, _, { axes }) => {
    const { data, outer, count, inner } = lanes(x, axes);
    let from = 0;
    for (let o = 0; o < outer; o++) {
      for (let r = 0; r < count; r++) {
        for (let i = 0; i < inner; i++) out[o * inner + i] += data[from++];
      }
    }
  },
  kernel: { layout: "reduction", instruction: "sum" },
  vjp: [(g, { shapes: [x], params }) => broadcastTo(keepReduced(g, x, params), { shape: x })],
  ranges: REDUCE_RANGES,
  defaults: REDUCE_ALL,
});

/** Params of {@link broadcastTo}. */
export interface BroadcastParams {
  /** The shape to which x is repeated. */
  readonly shape: Shape;
}

/**
 * Repeats x to a larger shape by the broadcasting rule. The gradient of broadcastTo is a {@link sum}, that of sum a broadcastTo.
 *
 * @throws ShapeError if x does not broadcast to exactly that shape.
 * @example broadcastTo(tensor([1, 2]), { shape: [2, 2] }); // [[1, 2], [1, 2]]
 */
export const broadcastTo: Op<[x: Tensor], BroadcastParams> = defineOp<[x: Tensor], BroadcastParams>({
  name: "broadcastTo",
  formula: "out = x repeated along axes of size 1",
  shape: ([x], { shape }) => {
    checks.broadcastTo?.(x, shape);
    return shape;
  },
  forward: ([x], out, outShape) =>
    copyStrided(x.data, 0, broadcastStrides(x.shape, outShape.length), out, outShape),
  kernel: elementwise("copy"),
  vjp: [(g) => g], // `backward` sums over repeated axes
  ranges: { shape: "numbers" },
  required: ["shape"],
});

/** Sums a tensor down to a smaller shape that broadcasts to it, as `backward` does for an input that was broadcast. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  return reshape(sum(x, { axes }), { shape });
}

/** The result of a reduction with the reduced axes back, of size 1, so that it broadcasts to the shape before the reduction. */
export function keepReduced(out: Tensor, shape: Shape, { axes }: ReduceParams): Tensor {
  return reshape(out, { shape: reducedShape(shape, { axes, keepDims: true }) });
}
