import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { forEachRow } from "./loops.ts";

/**
 * The element of x where the condition is not 0, that of y where it is 0.  Shapes: condition, x and y broadcast.
 *
 * Its gradient is selected too, never multiplied by 0: 0·NaN is NaN, so a NaN or an infinity in the branch that was not taken would
 * reach the gradient. No gradient flows to the condition.
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
