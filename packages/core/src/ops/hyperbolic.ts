import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, sub } from "./arithmetic.ts";
import { div, reciprocal } from "./division.ts";
import { abs, maximum, minimum, rsqrt } from "./elementary.ts";
import { map } from "./loops.ts";
import { square } from "./square.ts";

/** Element-wise hyperbolic sine.  Shapes: any.  @example sinh(tensor([0, 1])); // [0, 1.17520119] */
export const sinh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sinh",
  formula: "out = (eˣ − e^(−x))/2",
  shape: ([x]) => x,
  forward: map(math.sinh),
  vjp: [(g, { inputs: [x] }) => chain(g, cosh(x))],
});

/** Element-wise hyperbolic cosine.  Shapes: any.  @example cosh(tensor([0, 1])); // [1, 1.54308063] */
export const cosh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "cosh",
  formula: "out = (eˣ + e^(−x))/2",
  shape: ([x]) => x,
  forward: map(math.cosh),
  vjp: [(g, { inputs: [x] }) => chain(g, sinh(x))],
});

/** Element-wise inverse hyperbolic sine.  Shapes: any.  @example asinh(tensor([0, 1])); // [0, 0.88137359] */
export const asinh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "asinh",
  formula: "out = ln(x + √(x² + 1))",
  shape: ([x]) => x,
  forward: map(math.asinh),
  vjp: [(g, { inputs: [x] }) => chain(g, inverseRoot(x))],
});

/** Element-wise inverse hyperbolic cosine; NaN below 1.  Shapes: any.  Its gradient at 1 is ∞.  @example acosh(tensor([1, 2])); // [0, 1.3169579] */
export const acosh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "acosh",
  formula: "out = ln(x + √(x² − 1))",
  shape: ([x]) => x,
  forward: map(math.acosh),
  vjp: [(g, { inputs: [x] }) => chain(g, mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1))))],
});

/** Element-wise inverse hyperbolic tangent; ±∞ at ±1, NaN beyond.  Shapes: any.  @example atanh(tensor([0, 0.5])); // [0, 0.54930614] */
export const atanh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "atanh",
  formula: "out = ½ ln((1 + x)/(1 − x))",
  shape: ([x]) => x,
  forward: map(math.atanh),
  vjp: [(g, { inputs: [x] }) => chain(g, atanhSlope(x))],
});

/** The derivative of atanh. An op, because those of its factors are ∞ and −∞ at ±1, and their sum NaN. */
const atanhSlope: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "atanhSlope",
  formula: "out = 1/(1 − x²)",
  shape: ([x]) => x,
  forward: map((x) => 1 / ((1 - x) * (1 + x))),
  vjp: [(g, { inputs: [x], out }) => chain(g, mul(mul(2, x), square(out)))],
});

/** 1/√(x² + 1), as 1/(a·√((x/a)² + (1/a)²)) for a = max(|x|, 1): x² overflows from 10¹⁵⁴ on. */
function inverseRoot(x: Tensor): Tensor {
  const a = minimum(maximum(abs(x.detach()), 1), Number.MAX_VALUE); // at ±∞ too the result is 0
  const inverse = reciprocal(a);
  return mul(inverse, rsqrt(add(square(div(x, a)), square(inverse))));
}
