import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain, neg } from "./arithmetic.ts";
import { map, zip } from "./loops.ts";

/**
 * Element-wise quotient, out = x/y.  Shapes: x and y broadcast.
 *
 * The gradient of y is −(g·1/y)·(x/y) and not −g·x/y², whose denominator overflows for y beyond 10¹⁵⁴.
 *
 * @example div(tensor([2, 4]), 2); // [1, 2]
 */
export const div: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "div",
  formula: "out = x/y",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => x / y),
  kernel: elementwise("div"),
  vjp: [
    (g, { inputs: [, y] }) => chain(g, reciprocal(y)),
    (g, { inputs: [, y], out }) => neg(chain(chain(g, reciprocal(y)), out)),
  ],
});

/** Element-wise reciprocal, out = 1/x.  Shapes: any.  @example reciprocal(tensor([2, 4])); // [0.5, 0.25] */
export const reciprocal: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "reciprocal",
  formula: "out = 1/x",
  shape: ([x]) => x,
  forward: map((x) => 1 / x),
  kernel: elementwise("reciprocal"),
  vjp: [(g, { out }) => neg(chain(chain(g, out), out))],
});
