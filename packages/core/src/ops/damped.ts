import { defineOp, elementwise, type Op } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain } from "./arithmetic.ts";
import { zip } from "./loops.ts";
import { where } from "./where.ts";

/**
 * A factor that falls to 0 for x → ±∞ faster than any power of x, times x: 0 where the factor is 0, also in its derivatives.
 * The gradient of a plain product is x there, and x = ±∞ times a slope of 0 is NaN.
 */
export const damped: Op<[factor: Tensor, x: Tensor]> = defineOp<[factor: Tensor, x: Tensor]>({
  name: "damped",
  formula: "out = factor·x, 0 where factor = 0",
  shape: ([factor, x]) => broadcastShapes(factor, x),
  forward: zip((factor, x) => (factor === 0 ? 0 : factor * x)),
  kernel: elementwise("chain"),
  vjp: [
    (g, { inputs: [factor, x] }) => where(factor, chain(g, x), 0),
    (g, { inputs: [factor] }) => chain(g, factor),
  ],
});
