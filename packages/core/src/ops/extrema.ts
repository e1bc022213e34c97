import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import { normalizeAxes, normalizeAxis, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { div } from "./division.ts";
import { gather } from "./index-select.ts";
import { lanes } from "./lanes.ts";
import { keepReduced, REDUCE_ALL, REDUCE_RANGES, type ReduceParams, reducedShape, sum } from "./reduce.ts";
import { forEachElement } from "./reductions.ts";
import { squeeze } from "./shape-ops.ts";

/** Params of {@link max}, {@link min}, {@link argmax} and {@link argmin}. */
export interface ExtremeParams {
  /** One axis, negative ones counted from the back. Default: the whole tensor. */
  readonly axis?: number | undefined;
  /** Whether the reduced axes stay, with size 1. Default false. */
  readonly keepDims?: boolean;
}

const WHOLE: Required<ExtremeParams> = { axis: undefined, keepDims: false };
const EXTREME_RANGES = { axis: "whole", keepDims: "flag" } as const;

/** Throws for a reduced axis of size 0: it has no largest or smallest element. */
export function refuseNothing(shape: Shape, { axes }: ReduceParams): void {
  const empty = normalizeAxes(axes, shape.length).find((axis) => shape[axis] === 0);
  if (empty !== undefined) throw new ShapeError(`axis ${empty} has size 0: there is no element to find`);
}

/** 1/count at each of the `count` elements equal to their extreme, 0 elsewhere: the shares of the gradient at ties. */
export function evenShares(x: Tensor, extreme: Tensor, { axes }: ReduceParams): Tensor {
  const hits = equal(x, extreme);
  return div(hits, sum(hits, { axes, keepDims: true }));
}

function extreme(
  name: string,
  word: string,
  pick: (a: number, b: number) => number,
  start: number,
): Op<[x: Tensor], ReduceParams> {
  return defineOp<[x: Tensor], ReduceParams>({
    name,
    formula: `out = the ${word} x`,
    shape: ([x], params) => {
      refuseNothing(x, params);
      return reducedShape(x, params);
    },
    forward: ([x], out, _, params) => {
      out.fill(start);
      forEachElement(x.shape, params, (k, i) => {
        out[k] = pick(out[k], x.data[i]);
      });
    },
    vjp: [
      (g, { inputs: [x], out, params }) => {
        const shares = evenShares(x, keepReduced(out, x.shape, params), params);
        return chain(keepReduced(g, x.shape, params), shares);
      },
    ],
    ranges: REDUCE_RANGES,
    defaults: REDUCE_ALL,
  });
}

/**
 * The largest element over axes; NaN if any element is NaN.  Shapes: the reduced axes are removed, or keep size 1 with
 * `keepDims`. Equal largest elements share the gradient equally, as in PyTorch.
 *
 * @throws ShapeError if a reduced axis has size 0.
 * @example amax(tensor([[1, 5], [7, 2]]), { axes: 1 }); // [5, 7]
 */
export const amax: Op<[x: Tensor], ReduceParams> = extreme(
  "amax",
  "largest",
  Math.max,
  Number.NEGATIVE_INFINITY,
);

/** The smallest element over axes, otherwise as {@link amax}.  @example amin(tensor([[1, 5], [7, 2]]), { axes: 1 }); // [1, 2] */
export const amin: Op<[x: Tensor], ReduceParams> = extreme(
  "amin",
  "smallest",
  Math.min,
  Number.POSITIVE_INFINITY,
);

function argExtreme(
  name: string,
  word: string,
  beats: (a: number, b: number) => boolean,
): Op<[x: Tensor], ExtremeParams> {
  const asAxes = ({ axis, keepDims }: Required<ExtremeParams>, rank: number): ReduceParams => ({
    axes: axis === undefined ? axis : normalizeAxis(axis, rank),
    keepDims,
  });
  return defineOp<[x: Tensor], ExtremeParams>({
    name,
    formula: `out = index of the first ${word} x`,
    shape: ([x], params) => {
      refuseNothing(x, asAxes(params, x.length));
      return reducedShape(x, asAxes(params, x.length));
    },
    forward: ([x], out, _, { axis }) => {
      const { data, outer, count, inner } = lanes(x, axis);
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          const at = o * count * inner + i;
          let best = 0;
          for (let r = 1; r < count; r++) {
            const [a, b] = [data[at + r * inner], data[at + best * inner]];
            // NaN counts as more extreme than any number; the first NaN is the result.
            if (beats(a, b) || (Number.isNaN(a) && !Number.isNaN(b))) best = r;
          }
          out[o * inner + i] = best;
        }
      }
    },
    vjp: [null],
    ranges: EXTREME_RANGES,
    defaults: WHOLE,
  });
}

/**
 * The index of the largest element along an axis; without an axis, in the flattened tensor. The first of several equal
 * ones; the first NaN if there is one. No gradient.  Shapes: the axis is removed, or keeps size 1 with `keepDims`.
 *
 * @throws ShapeError if the axis has size 0.
 * @example argmax(tensor([[1, 5], [7, 2]]), { axis: 1 }); // [1, 0]
 */
export const argmax: Op<[x: Tensor], ExtremeParams> = argExtreme("argmax", "largest", (a, b) => a > b);

/** The index of the smallest element along an axis, otherwise as {@link argmax}.  @example argmin(tensor([3, 1, 2])); // 1 */
export const argmin: Op<[x: Tensor], ExtremeParams> = argExtreme("argmin", "smallest", (a, b) => a < b);

function firstExtreme(
  name: string,
  word: string,
  overall: Op<[x: Tensor], ReduceParams>,
  where: Op<[x: Tensor], ExtremeParams>,
): Op<[x: Tensor], ExtremeParams> {
  return deriveOp<[x: Tensor], ExtremeParams>({
    name,
    formula: `out = the first ${word} x`,
    arity: 1,
    compute: ([x], { axis, keepDims }) => {
      if (axis === undefined) return overall(x, { keepDims });
      const first = gather(x, where(x, { axis, keepDims: true }), { axis });
      return keepDims ? first : squeeze(first, { axes: axis });
    },
    ranges: EXTREME_RANGES,
    defaults: WHOLE,
  });
}

/**
 * The largest element along an axis; NaN if any element is NaN.  Shapes: the axis is removed, or keeps size 1 with
 * `keepDims`.
 *
 * The first of several equal ones gets the whole gradient, as in PyTorch. Without an axis it is {@link amax} over all
 * axes: equal ones share the gradient.
 *
 * @throws ShapeError if the axis has size 0.
 * @example max(tensor([[1, 5], [7, 2]]), { axis: 1 }); // [5, 7]
 */
export const max: Op<[x: Tensor], ExtremeParams> = firstExtreme("max", "largest", amax, argmax);

/** The smallest element along an axis, otherwise as {@link max}.  @example min(tensor([[1, 5], [7, 2]]), { axis: 1 }); // [1, 2] */
export const min: Op<[x: Tensor], ExtremeParams> = firstExtreme("min", "smallest", amin, argmin);
