import * as math from "../math/index.ts";
import { defineOp, deriveOp, type Op } from "../op.ts";
import { unarySamples } from "../samples.ts";
import type { Tensor } from "../tensor.ts";
import { abs, add, div, mul, neg } from "./arithmetic.ts";
import { map } from "./loops.ts";

/**
 * Logistic function, out = 1/(1 + e^(−x)).  Shapes: any.
 *
 * Its gradient is σ(x)·σ(−x), which stays right where out·(1 − out) has run out of digits (x > 37).
 *
 * @example sigmoid(tensor([0, 2])); // [0.5, 0.88079708]
 */
export const sigmoid: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "sigmoid",
  formula: "out = 1/(1 + e^(−x))",
  shape: ([x]) => x,
  forward: map(math.sigmoid),
  vjp: [(g, { inputs: [x], out }) => mul(g, mul(out, sigmoid(neg(x))))],
  samples: unarySamples(),
  errors: [],
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
  vjp: [(g, { inputs: [x] }) => mul(g, mul(4, mul(sigmoid(mul(2, x)), sigmoid(mul(-2, x)))))],
  samples: unarySamples(),
  errors: [],
});

/** Logarithm of the logistic function, −ln(1 + e^(−x)), without underflow.  Shapes: any.  @example logSigmoid(tensor([-800])); // [-800] */
export const logSigmoid: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "logSigmoid",
  formula: "out = −ln(1 + e^(−x))",
  shape: ([x]) => x,
  forward: map(math.logSigmoid),
  vjp: [(g, { inputs: [x] }) => mul(g, sigmoid(neg(x)))],
  samples: unarySamples(),
  errors: [],
});

/** A smooth relu, ln(1 + eˣ), without overflow (Dugas et al. 2001).  Shapes: any.  @example softplus(tensor([0, 800])); // [0.69314718, 800] */
export const softplus: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "softplus",
  formula: "out = ln(1 + eˣ)",
  source: "Dugas et al. 2001, Incorporating Second-Order Functional Knowledge for Better Option Pricing",
  shape: ([x]) => x,
  forward: map(math.softplus),
  vjp: [(g, { inputs: [x] }) => mul(g, sigmoid(x))],
  samples: unarySamples(),
  errors: [],
});

/** A slow saturation, x/(1 + |x|), with the gradient 1/(1 + |x|)².  Shapes: any.  @example softsign(tensor([1, -3])); // [0.5, -0.75] */
export const softsign: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "softsign",
  formula: "out = x/(1 + |x|)",
  source: "Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features",
  shape: ([x]) => x,
  forward: map((x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x / (1 + Math.abs(x)))),
  vjp: [(g, { inputs: [x] }) => div(div(g, add(1, abs(x))), add(1, abs(x)))],
  samples: unarySamples({ avoid: [0] }),
  errors: [],
});

/** Sigmoid-weighted unit, out = x·σ(x), also called swish.  Shapes: any.  @example silu(tensor([1])); // [0.73105858] */
export const silu: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "silu",
  formula: "out = x·σ(x)",
  source: "Elfwing et al. 2018, Sigmoid-Weighted Linear Units, eq. 1",
  shape: ([x]) => x,
  forward: map((x) => (x === Number.NEGATIVE_INFINITY ? -0 : x * math.sigmoid(x))),
  vjp: [(g, { inputs: [x] }) => mul(g, mul(sigmoid(x), add(1, mul(x, sigmoid(neg(x))))))],
  samples: unarySamples(),
  errors: [],
});

/** out = x·tanh(softplus(x)).  Shapes: any.  @example mish(tensor([1])); // [0.86509839] */
export const mish: Op<[x: Tensor]> = deriveOp<[x: Tensor]>({
  name: "mish",
  formula: "out = x·tanh(ln(1 + eˣ))",
  source: "Misra 2020, Mish: A Self Regularized Non-Monotonic Activation Function",
  arity: 1,
  compute: ([x]) => mul(x, tanh(softplus(x))),
  samples: unarySamples(),
  errors: [],
});
