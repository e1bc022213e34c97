import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { map, zip } from "./loops.ts";

/**
 * Element-wise sum, out = x + y.  Shapes: x and y broadcast.
 *
 * @example add(tensor([1, 2]), 10); // [11, 12]
 */
export const add: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "add",
  formula: "out = x + y",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => x + y),
  kernel: elementwise("add"),
  vjp: [(g) => g, (g) => g],
});

/** Element-wise negation, out = −x.  Shapes: any.  @example neg(tensor([1, -2])); // [-1, 2] */
export const neg: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "neg",
  formula: "out = −x",
  shape: ([x]) => x,
  forward: map((x) => -x),
  kernel: elementwise("neg"),
  vjp: [(g) => neg(g)],
});

/** Element-wise difference, out = x − y.  Shapes: x and y broadcast.  @example sub(1, tensor([1, 2])); // [0, -1] */
export const sub: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "sub",
  formula: "out = x − y",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => x - y),
  kernel: elementwise("sub"),
  vjp: [(g) => g, (g) => neg(g)],
});

/**
 * The product of the chain rule: incoming gradient g times slope (the local derivative ∂out/∂x), and 0 where g is 0, even if the
 * slope is NaN or infinite there: the result does not depend on that element. So `where(greater(x, 0), sqrt(x), 0)` has the
 * gradient 0 at x = -1 and not 0·NaN.
 */
export const chain: Op<[g: Tensor, slope: Tensor]> = defineOp<[g: Tensor, slope: Tensor]>({
  name: "chain",
  formula: "out = g·slope, 0 where g = 0",
  shape: ([g, slope]) => broadcastShapes(g, slope),
  forward: zip((g, slope) => (g === 0 ? 0 : g * slope)),
  kernel: elementwise("chain"),
  vjp: [(h, { inputs: [, slope] }) => chain(h, slope), (h, { inputs: [g] }) => chain(h, g)],
});

/** Element-wise product, out = x·y.  Shapes: x and y broadcast.  @example mul(tensor([1, 2]), 3); // [3, 6] */
export const mul: Op<[x: Tensor, y: Tensor]> = defineOp<[x: Tensor, y: Tensor]>({
  name: "mul",
  formula: "out = x·y",
  shape: ([x, y]) => broadcastShapes(x, y),
  forward: zip((x, y) => x * y),
  kernel: elementwise("mul"),
  vjp: [(g, { inputs: [, y] }) => chain(g, y), (g, { inputs: [x] }) => chain(g, x)],
});
