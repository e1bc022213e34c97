import { deriveOp } from "../derived-op.ts";
import * as math from "../math/index.ts";
import { defineOp, elementwise, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg } from "./arithmetic.ts";
import { damped } from "./damped.ts";
import { reciprocal } from "./division.ts";
import { abs } from "./elementary.ts";
import { map } from "./loops.ts";
import { square } from "./square.ts";

/**
 * Logistic function, out = 1/(1 + e^(−x)).  Shapes: any.
 *
 * Its gradient is σ(x)·σ(−x), which is accurate also for x > 37, for which out·(1 − out) is 0.
 *
 * @example sigmoid(tensor([0, 2])); // [0.5, 0.88079708]
 */
export const sigmoid: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sigmoid",
  formula: "out = 1/(1 + e^(−x))",
  shape: ([x]) => x,
  forward: map(math.sigmoid),
  kernel: elementwise("sigmoid"),
  vjp: [(g, { inputs: [x], out }) => chain(g, mul(out, sigmoid(neg(x))))],
});

/**
 * Hyperbolic tangent.  Shapes: any.
 *
 * Its gradient sech²x is computed as 4·σ(2x)·σ(−2x), not as 1 − out², which is 0 beyond |x| = 19.
 *
 * @example tanh(tensor([0, 1])); // [0, 0.76159416]
 */
export const tanh: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "tanh",
  formula: "out = (eˣ − e^(−x))/(eˣ + e^(−x))",
  shape: ([x]) => x,
  forward: map(math.tanh),
  kernel: elementwise("tanh"),
  vjp: [(g, { inputs: [x] }) => chain(g, mul(4, mul(sigmoid(mul(2, x)), sigmoid(mul(-2, x)))))],
});

/** Logarithm of the logistic function, −ln(1 + e^(−x)), without underflow.  Shapes: any.  @example logSigmoid(tensor([-800])); // [-800] */
export const logSigmoid: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "logSigmoid",
  formula: "out = −ln(1 + e^(−x))",
  shape: ([x]) => x,
  forward: map(math.logSigmoid),
  kernel: elementwise("logSigmoid"),
  vjp: [(g, { inputs: [x] }) => chain(g, sigmoid(neg(x)))],
});

/** Params of {@link softplus}. */
export interface SoftplusParams {
  /** The steepness of the bend at 0: the larger, the nearer to relu. Default 1. */
  readonly beta?: number;
}

/** softplus for beta = 1, which has an instruction. */
const softplus1: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "softplus",
  formula: "out = ln(1 + eˣ)",
  shape: ([x]) => x,
  forward: map(math.softplus),
  kernel: elementwise("softplus"),
  vjp: [(g, { inputs: [x] }) => chain(g, sigmoid(x))],
});

/** softplus for every beta. The product beta·x stands in the exponent alone, so that a large x does not overflow. */
const softplusBeta: Op<[x: Tensor], Required<SoftplusParams>> = defineOp<
  [x: Tensor],
  Required<SoftplusParams>
>({
  name: "softplus",
  formula: "out = max(x, 0) + ln(1 + e^(−|beta·x|))/beta",
  shape: ([x]) => x,
  forward: ([x], out, _, { beta }) =>
    map((value) => {
      const rest = math.log1p(math.exp(-Math.abs(beta * value))) / beta;
      return value > 0 ? value + rest : rest;
    })([x], out),
  vjp: [(g, { inputs: [x], params: { beta } }) => chain(g, sigmoid(mul(beta, x)))],
  ranges: { beta: "positive" },
  required: ["beta"],
});

/**
 * A smooth relu, ln(1 + e^(beta·x))/beta, without overflow (Dugas et al. 2001).  Shapes: any.
 *
 * PyTorch returns x itself where beta·x > 20, its `threshold`. Here the formula holds everywhere, so no threshold is needed.
 *
 * @throws ArgumentError unless beta is finite and above 0.
 * @example softplus(tensor([0, 800])); // [0.69314718, 800]
 */
export const softplus: Op<[x: Tensor], SoftplusParams> = deriveOp<[x: Tensor], SoftplusParams>({
  name: "softplus",
  formula: "out = ln(1 + e^(beta·x))/beta",
  source: "Dugas et al. 2001, Incorporating Second-Order Functional Knowledge for Better Option Pricing",
  arity: 1,
  compute: ([x], { beta }) => (beta === 1 ? softplus1(x) : softplusBeta(x, { beta })),
  ranges: { beta: "positive" },
  defaults: { beta: 1 },
});

/** A slow saturation, x/(1 + |x|), with the gradient 1/(1 + |x|)².  Shapes: any.  @example softsign(tensor([1, -3])); // [0.5, -0.75] */
export const softsign: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "softsign",
  formula: "out = x/(1 + |x|)",
  source: "Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features",
  shape: ([x]) => x,
  forward: map((x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x / (1 + Math.abs(x)))),
  kernel: elementwise("softsign"),
  vjp: [(g, { inputs: [x] }) => chain(g, square(reciprocal(add(1, abs(x)))))],
});

/** Sigmoid-weighted unit, out = x·σ(x), also called swish.  Shapes: any.  @example silu(tensor([1])); // [0.73105858] */
export const silu: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "silu",
  formula: "out = x·σ(x)",
  source: "Elfwing et al. 2018, Sigmoid-Weighted Linear Units, eq. 1",
  shape: ([x]) => x,
  forward: map((x) => (x === Number.NEGATIVE_INFINITY ? -0 : x * math.sigmoid(x))),
  // σ(x) + x·σ(x)·σ(−x)
  kernel: elementwise("silu"),
  vjp: [(g, { inputs: [x] }) => chain(g, add(sigmoid(x), damped(mul(sigmoid(x), sigmoid(neg(x))), x)))],
});

/** Self-regularized unit, out = x·tanh(softplus(x)).  Shapes: any.  @example mish(tensor([1])); // [0.86509839] */
export const mish: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "mish",
  formula: "out = x·tanh(ln(1 + eˣ))",
  source: "Misra 2020, Mish: A Self Regularized Non-Monotonic Activation Function",
  shape: ([x]) => x,
  forward: map((x) => (x === Number.NEGATIVE_INFINITY ? -0 : x * math.tanh(math.softplus(x)))),
  // With s = softplus(x): tanh s + x·sech²s·σ(x), where sech²s = 4·σ(2s)·σ(−2s).
  kernel: elementwise("mish"),
  vjp: [
    (g, { inputs: [x] }) => {
      const s = softplus(x);
      const sech2 = mul(4, mul(sigmoid(mul(2, s)), sigmoid(mul(-2, s))));
      return chain(g, add(tanh(s), damped(mul(sech2, sigmoid(x)), x)));
    },
  ],
});
