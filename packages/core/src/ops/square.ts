import { defineOp, elementwise, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { chain, mul } from "./arithmetic.ts";
import { map } from "./loops.ts";

/** Element-wise square, out = x².  Shapes: any.  @example square(tensor([2, -3])); // [4, 9] */
export const square: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "square",
  formula: "out = x²",
  shape: ([x]) => x,
  forward: map((x) => x * x),
  kernel: elementwise("square"),
  vjp: [(g, { inputs: [x] }) => chain(g, mul(2, x))],
});
