import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { zip } from "./loops.ts";

/**
 * Comparisons give 1 where they hold and 0 where they do not, so that they can be multiplied, summed and passed to
 * `where`. They are piecewise constant: no gradient flows through them. NaN equals nothing, as IEEE 754 says.
 */
function comparison(
  name: string,
  sign: string,
  holds: (x: number, y: number) => boolean,
): Op<[x: Tensor, y: Tensor]> {
  return defineOp<[x: Tensor, y: Tensor]>({
    name,
    formula: `out = 1 where x ${sign} y, else 0`,
    shape: ([x, y]) => broadcastShapes(x, y),
    forward: zip((x, y) => (holds(x, y) ? 1 : 0)),
    kernel: elementwise(name),
    vjp: [null, null],
  });
}

/** 1 where x = y, else 0.  Shapes: broadcast.  @example equal(tensor([1, 2]), 2); // [0, 1] */
export const equal: Op<[x: Tensor, y: Tensor]> = comparison("equal", "=", (x, y) => x === y);

/** 1 where x ≠ y, else 0.  Shapes: broadcast.  @example notEqual(tensor([1, 2]), 2); // [1, 0] */
export const notEqual: Op<[x: Tensor, y: Tensor]> = comparison("notEqual", "≠", (x, y) => x !== y);

/** 1 where x ≥ y, else 0.  Shapes: broadcast.  @example greaterEqual(tensor([1, 2]), 2); // [0, 1] */
export const greaterEqual: Op<[x: Tensor, y: Tensor]> = comparison("greaterEqual", "≥", (x, y) => x >= y);

/** 1 where x < y, else 0.  Shapes: broadcast.  @example less(tensor([1, 3]), 2); // [1, 0] */
export const less: Op<[x: Tensor, y: Tensor]> = comparison("less", "<", (x, y) => x < y);

/** 1 where x ≤ y, else 0.  Shapes: broadcast.  @example lessEqual(tensor([2, 3]), 2); // [1, 0] */
export const lessEqual: Op<[x: Tensor, y: Tensor]> = comparison("lessEqual", "≤", (x, y) => x <= y);
