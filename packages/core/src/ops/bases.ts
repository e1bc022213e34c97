import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { chain, mul } from "./arithmetic.ts";
import { div } from "./division.ts";
import { map } from "./loops.ts";

/** Element-wise power of 2, out = 2ˣ.  Shapes: any.  @example exp2(tensor([3, -1])); // [8, 0.5] */
export const exp2: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "exp2",
  formula: "out = 2ˣ",
  shape: ([x]) => x,
  forward: map(math.exp2),
  vjp: [(g, { out }) => chain(g, mul(Math.LN2, out))],
});

/** Element-wise logarithm to base 2; −∞ at 0, NaN below.  Shapes: any.  @example log2(tensor([8, 0.5])); // [3, -1] */
export const log2: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "log2",
  formula: "out = log₂ x",
  shape: ([x]) => x,
  forward: map(math.log2),
  vjp: [(g, { inputs: [x] }) => chain(g, div(Math.LOG2E, x))],
});

/** Element-wise logarithm to base 10; −∞ at 0, NaN below.  Shapes: any.  @example log10(tensor([1000, 0.1])); // [3, -1] */
export const log10: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "log10",
  formula: "out = log₁₀ x",
  shape: ([x]) => x,
  forward: map(math.log10),
  vjp: [(g, { inputs: [x] }) => chain(g, div(Math.LOG10E, x))],
});

/** Element-wise cube root, also of negative numbers; its gradient at 0 is ∞.  Shapes: any.  @example cbrt(tensor([27, -8])); // [3, -2] */
export const cbrt: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "cbrt",
  formula: "out = ∛x",
  shape: ([x]) => x,
  forward: map(math.cbrt),
  vjp: [(g, { out }) => chain(g, cbrtSlope(out))],
});

/** The derivative of ∛x from y = ∛x. An op, because that of y² is 0 at 0, and 0·∞ is NaN. */
const cbrtSlope: Op<[y: Tensor]> = defineOp<[y: Tensor]>({
  name: "cbrtSlope",
  formula: "out = 1/(3·y²)",
  shape: ([y]) => y,
  forward: map((y) => 1 / (3 * (y * y))),
  vjp: [(g, { inputs: [y], out }) => chain(g, mul(-2, div(out, y)))],
});
