import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul } from "./arithmetic.ts";
import { equal, less } from "./comparison.ts";
import { div } from "./division.ts";
import { greater } from "./greater.ts";
import { map, zip } from "./loops.ts";

/** Element-wise square root, out = √x; NaN below 0.  Shapes: any.  @example sqrt(tensor([4, 9])); // [2, 3] */
export const sqrt: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sqrt",
  formula: "out = √x",
  shape: ([x]) => x,
  forward: map(Math.sqrt),
  kernel: elementwise("sqrt"),
  vjp: [(g, { out }) => chain(g, div(0.5, out))],
});

/** Element-wise reciprocal square root, out = 1/√x.  Shapes: any.  @example rsqrt(tensor([4])); // [0.5] */
export const rsqrt: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "rsqrt",
  formula: "out = 1/√x",
  shape: ([x]) => x,
  forward: map((x) => 1 / Math.sqrt(x)),
  kernel: elementwise("rsqrt"),
  vjp: [(g, { inputs: [x], out }) => chain(g, mul(-0.5, div(out, x)))],
});

/**
 * Sign: −1, 0 or 1, and NaN for NaN.  Shapes: any.  Piecewise constant: no gradient flows through it.
 *
 * @example sign(tensor([-2, 0, 5])); // [-1, 0, 1]
 */
export const sign: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sign",
  formula: "out = −1, 0 or 1",
  shape: ([x]) => x,
  forward: map(Math.sign),
  kernel: elementwise("sign"),
  vjp: [null],
});

/** Absolute value, out = |x|; its gradient at 0 is 0, as in PyTorch.  Shapes: any.  @example abs(tensor([-2])); // [2] */
export const abs: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "abs",
  formula: "out = |x|",
  shape: ([x]) => x,
  forward: map(Math.abs),
  kernel: elementwise("abs"),
  vjp: [(g, { inputs: [x] }) => chain(g, sign(x))],
});

/**
 * The larger of two numbers; NaN if either is.  Shapes: x and y broadcast.
 *
 * If x = y, each gets half of the gradient, as in PyTorch.
 *
 * @example maximum(tensor([1, 5]), 3); // [3, 5]
 */
export const maximum: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "maximum",
  formula: "out = max(x, y)",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip(Math.max),
  kernel: elementwise("maximum"),
  vjp: [
    (g, { inputs: [x, y] }) => winner(g, greater(x, y), equal(x, y)),
    (g, { inputs: [x, y] }) => winner(g, less(x, y), equal(x, y)),
  ],
});

/** The smaller of two numbers; ties as in {@link maximum}.  Shapes: broadcast.  @example minimum(tensor([1, 5]), 3); // [1, 3] */
export const minimum: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "minimum",
  formula: "out = min(x, y)",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip(Math.min),
  kernel: elementwise("minimum"),
  vjp: [
    (g, { inputs: [x, y] }) => winner(g, less(x, y), equal(x, y)),
    (g, { inputs: [x, y] }) => winner(g, greater(x, y), equal(x, y)),
  ],
});

/** The gradient of one operand: g if it is the result, half of g at a tie, else 0. */
function winner(g: Tensor, won: Tensor, tie: Tensor): Tensor {
  return chain(add(won, mul(0.5, tie)), g); // `chain` in this order: the other operand gets 0 even if g is infinite
}
