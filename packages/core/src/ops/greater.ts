import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { zip } from "./loops.ts";

/**
 * 1 where x > y, else 0.  Shapes: broadcast.  Piecewise constant: no gradient flows through it.
 *
 * @example greater(tensor([1, 3]), 2); // [0, 1]
 */
export const greater: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "greater",
  formula: "out = 1 where x > y, else 0",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => (x > y ? 1 : 0)),
  kernel: elementwise("greater"),
  vjp: [null, null],
});
