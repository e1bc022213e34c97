import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, sub } from "./arithmetic.ts";
import { log } from "./exponential.ts";
import { zip } from "./loops.ts";

/**
 * Power, out = xʸ.  Shapes: x and y broadcast.  Special values as IEEE 754 (and C99) say: pow(x, 0) = 1 even for NaN.
 *
 * The gradient of x is y·x^(y−1), and 0 where y = 0; that of y is xʸ·ln x, and 0 where x = 0 and y ≥ 0, as in PyTorch.
 *
 * @example pow(tensor([2, 3]), 2); // [4, 9]
 */
export const pow: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "pow",
  formula: "out = xʸ",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip(math.pow),
  vjp: [
    (g, { inputs: [x, y] }) => chain(g, slopeByBase(x, y)),
    (g, { inputs: [x, y] }) => chain(g, slopeByExponent(x, y)),
  ],
});

/** ∂xʸ/∂x. An op, so that its derivative by y is that of {@link slopeByExponent} by x, also where one is a limit. */
const slopeByBase: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "slopeByBase",
  formula: "out = y·x^(y−1), 0 where y = 0",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => (y === 0 ? 0 : y * math.pow(x, y - 1))),
  vjp: [
    (g, { inputs: [x, y] }) => chain(g, chain(y, slopeByBase(x, sub(y, 1)))),
    (g, { inputs: [x, y] }) => chain(g, mixedSlope(x, y)),
  ],
});

/** ∂xʸ/∂y; where x = 0, the limit 0 for y > 0, and 0 for y = 0 as in PyTorch. */
const slopeByExponent: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "slopeByExponent",
  formula: "out = xʸ·ln x, 0 where x = 0 and y ≥ 0",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => (x === 0 && y >= 0 ? 0 : math.pow(x, y) * math.log(x))),
  vjp: [
    (g, { inputs: [x, y] }) => chain(g, mixedSlope(x, y)),
    (g, { inputs: [x], out }) => chain(g, chain(out, log(x))),
  ],
});

/** ∂²xʸ/∂x∂y = x^(y−1)·(1 + y·ln x). */
function mixedSlope(x: Tensor, y: Tensor): Tensor {
  return chain(pow(x, sub(y, 1)), add(1, chain(y, log(x))));
}
