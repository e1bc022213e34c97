import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg } from "./arithmetic.ts";
import { reciprocal } from "./division.ts";
import { map } from "./loops.ts";
import { square } from "./square.ts";

/** Element-wise sine of an angle in radians.  Shapes: any.  @example sin(tensor([0, Math.PI / 2])); // [0, 1] */
export const sin: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sin",
  formula: "out = sin x",
  shape: ([x]) => x,
  forward: map(math.sin),
  vjp: [(g, { inputs: [x] }) => chain(g, cos(x))],
});

/** Element-wise cosine of an angle in radians.  Shapes: any.  @example cos(tensor([0, Math.PI])); // [1, -1] */
export const cos: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "cos",
  formula: "out = cos x",
  shape: ([x]) => x,
  forward: map(math.cos),
  vjp: [(g, { inputs: [x] }) => neg(chain(g, sin(x)))],
});

/** Element-wise tangent of an angle in radians.  Shapes: any.  @example tan(tensor([0, 1])); // [0, 1.55740772] */
export const tan: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "tan",
  formula: "out = tan x",
  shape: ([x]) => x,
  forward: map(math.tan),
  vjp: [(g, { out }) => chain(g, add(1, square(out)))],
});

/** Element-wise arcsine, in [−π/2, π/2]; NaN beyond ±1.  Shapes: any.  Its gradient at ±1 is ∞.  @example asin(tensor([0, 1])); // [0, 1.57079633] */
export const asin: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "asin",
  formula: "out = arcsin x",
  shape: ([x]) => x,
  forward: map(math.asin),
  vjp: [(g, { inputs: [x] }) => chain(g, slope(x))],
});

/** Element-wise arccosine, in [0, π]; NaN beyond ±1.  Shapes: any.  Its gradient at ±1 is −∞.  @example acos(tensor([1, 0])); // [0, 1.57079633] */
export const acos: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "acos",
  formula: "out = arccos x",
  shape: ([x]) => x,
  forward: map(math.acos),
  vjp: [(g, { inputs: [x] }) => neg(chain(g, slope(x)))],
});

/** Element-wise arctangent, in [−π/2, π/2].  Shapes: any.  @example atan(tensor([0, 1])); // [0, 0.78539816] */
export const atan: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "atan",
  formula: "out = arctan x",
  shape: ([x]) => x,
  forward: map(math.atan),
  vjp: [(g, { inputs: [x] }) => chain(g, reciprocal(add(1, square(x))))],
});

/**
 * The derivative of arcsin, 1/√(1 − x²), from 1 − x and 1 + x: their product does not cancel near ±1. An op, because the
 * derivatives of the two factors are ∞ and −∞ at ±1, and their sum NaN.
 */
const slope: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "asinSlope",
  formula: "out = 1/√(1 − x²)",
  shape: ([x]) => x,
  forward: map((x) => (1 / Math.sqrt(1 - x)) * (1 / Math.sqrt(1 + x))),
  vjp: [(g, { inputs: [x], out }) => chain(g, mul(x, mul(out, square(out))))],
});
