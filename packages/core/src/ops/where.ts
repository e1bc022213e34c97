import { ArgumentError } from "../errors.ts";
import { elementwise } from "../kernel.ts";
import { defineOp, type Op } from "../op.ts";
import { broadcastShapes, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { greaterEqual, lessEqual } from "./comparison.ts";
import { forEachRow, map } from "./loops.ts";

/**
 * Picks from x where the condition is not 0 and from y where it is.  Shapes: condition, x and y broadcast.
 *
 * Its gradient is picked too, never multiplied, so that a NaN or an infinity in the branch that was not taken does not
 * leak (0·NaN would). No gradient flows to the condition.
 *
 * @example where(greater(x, 0), x, 0); // relu
 */
export const where: Op<[condition: Tensor, x: Tensor, y: Tensor]> = defineOp<
  [condition: Tensor, x: Tensor, y: Tensor]
>({
  name: "where",
  formula: "out = condition ? x : y",
  shape: ([condition, x, y]) => broadcastShapes(broadcastShapes(condition, x), y),
  forward: ([{ data: c, shape }, { data: x, shape: shapeX }, { data: y, shape: shapeY }], out, outShape) => {
    forEachRow(outShape, [shape, shapeX, shapeY], (start, length, [atC, atX, atY], [stepC, stepX, stepY]) => {
      for (let i = 0; i < length; i++) {
        out[start + i] = c[atC + i * stepC] !== 0 ? x[atX + i * stepX] : y[atY + i * stepY];
      }
    });
  },
  kernel: elementwise("where"),
  vjp: [
    null,
    (g, { inputs: [condition] }) => where(condition, g, 0),
    (g, { inputs: [condition] }) => where(condition, 0, g),
  ],
});

/** Params of {@link clamp}. */
export interface ClampParams {
  /** Lower bound. Default: none. */
  readonly low?: number;
  /** Upper bound. Default: none. */
  readonly high?: number;
}

/**
 * Limits every element to [low, high]; NaN stays NaN.  Shapes: any.
 *
 * The gradient passes inside and at the bounds, as in PyTorch, and is 0 outside.
 *
 * @throws ArgumentError if a bound is NaN or low > high (PyTorch then returns `high` without a word).
 * @example clamp(tensor([-2, 0.5, 3]), { low: 0, high: 1 }); // [0, 0.5, 1]
 */
export const clamp: Op<[x: Tensor], ClampParams> = defineOp<[x: Tensor], ClampParams>({
  name: "clamp",
  formula: "out = min(max(x, low), high)",
  shape: ([x], { low, high }) => {
    if (!(low <= high)) throw new ArgumentError(`needs low ≤ high, got ${show([low, high])}`);
    return x;
  },
  forward: ([x], out, _, { low, high }) => map((value) => Math.min(Math.max(value, low), high))([x], out),
  kernel: elementwise("clamp", "low", "high"),
  vjp: [
    (g, { inputs: [x], params: { low, high } }) => where(mul(greaterEqual(x, low), lessEqual(x, high)), g, 0),
  ],
  defaults: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
});
