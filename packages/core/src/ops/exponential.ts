import * as math from "../math/index.ts";
import { defineOp, elementwise, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg } from "./arithmetic.ts";
import { reciprocal } from "./division.ts";
import { map } from "./loops.ts";
import { square } from "./square.ts";

/** Element-wise exponential, out = eˣ.  Shapes: any.  @example exp(tensor([0, 1])); // [1, 2.71828183] */
export const exp: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "exp",
  formula: "out = eˣ",
  shape: ([x]) => x,
  forward: map(math.exp),
  kernel: elementwise("exp"),
  vjp: [(g, { out }) => chain(g, out)],
});

/**
 * Element-wise eˣ − 1 without the cancellation of exp(x) − 1 near 0.  Shapes: any.
 *
 * @example expm1(tensor([1e-10])); // [1e-10], where exp(x) − 1 gives 1.00000008e-10
 */
export const expm1: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "expm1",
  formula: "out = eˣ − 1",
  shape: ([x]) => x,
  forward: map(math.expm1),
  kernel: elementwise("expm1"),
  vjp: [(g, { inputs: [x] }) => chain(g, exp(x))], // not out + 1, which is 0 below −37
});

/** Element-wise natural logarithm; −∞ at 0, NaN below.  Shapes: any.  @example log(tensor([1, 10])); // [0, 2.30258509] */
export const log: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "log",
  formula: "out = ln x",
  shape: ([x]) => x,
  forward: map(math.log),
  kernel: elementwise("log"),
  vjp: [(g, { inputs: [x] }) => chain(g, reciprocal(x))],
});

/** Element-wise ln(1 + x), accurate near 0.  Shapes: any.  @example log1p(tensor([1e-10])); // [1e-10] */
export const log1p: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "log1p",
  formula: "out = ln(1 + x)",
  shape: ([x]) => x,
  forward: map(math.log1p),
  kernel: elementwise("log1p"),
  vjp: [(g, { inputs: [x] }) => chain(g, reciprocal(add(1, x)))],
});

/** 2/√π, the slope of erf at 0. */
const TWO_OVER_SQRT_PI = 1.1283791670955126;

/** Error function, 2/√π ∫₀ˣ e^(−t²) dt.  Shapes: any.  @example erf(tensor([0, 1])); // [0, 0.84270079] */
export const erf: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "erf",
  formula: "out = 2/√π ∫₀ˣ e^(−t²) dt",
  shape: ([x]) => x,
  forward: map(math.erf),
  vjp: [(g, { inputs: [x] }) => chain(g, mul(TWO_OVER_SQRT_PI, exp(neg(square(x)))))],
});

/** Complementary error function 1 − erf(x), accurate in its upper tail.  Shapes: any.  @example erfc(tensor([5])); // [1.53745979e-12] */
export const erfc: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "erfc",
  formula: "out = 1 − erf x",
  shape: ([x]) => x,
  forward: map(math.erfc),
  vjp: [(g, { inputs: [x] }) => chain(g, mul(-TWO_OVER_SQRT_PI, exp(neg(square(x)))))],
});
