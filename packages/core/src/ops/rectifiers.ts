import { ArgumentError } from "../errors.ts";
import * as math from "../math/index.ts";
import { SELU_LAMBDA, SELU_LAMBDA_ALPHA } from "../math/selu-constants.ts";
import { defineOp, elementwise, type Op } from "../op.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { chain, mul } from "./arithmetic.ts";
import { greaterEqual, less, lessEqual } from "./comparison.ts";
import { greater } from "./greater.ts";
import { map } from "./loops.ts";
import { where } from "./where.ts";

/** Relu capped at 6; the gradient is 0 at both bounds, as in PyTorch.  Shapes: any.  @example relu6(tensor([-1, 7])); // [0, 6] */
export const relu6: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "relu6",
  formula: "out = min(max(x, 0), 6)",
  source: "Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10",
  shape: ([x]) => x,
  forward: map((x) => Math.min(Math.max(x, 0), 6)),
  kernel: elementwise("clamp", 0, 6),
  vjp: [(g, { inputs: [x] }) => where(mul(greater(x, 0), less(x, 6)), g, 0)],
});

/** Params of {@link hardtanh}. */
export interface HardtanhParams {
  /** Lower bound. Default -1. */
  readonly low?: number;
  /** Upper bound. Default 1. */
  readonly high?: number;
}

/**
 * Limits to [low, high]; unlike `clamp` its gradient is 0 at the bounds, as in PyTorch.  Shapes: any.
 *
 * @throws ArgumentError unless low < high.
 * @example hardtanh(tensor([-3, 0.5])); // [-1, 0.5]
 */
export const hardtanh: Op<[x: Tensor], HardtanhParams> = defineOp<[x: Tensor], HardtanhParams>({
  name: "hardtanh",
  formula: "out = min(max(x, low), high)",
  source: "Collobert 2004, Large Scale Machine Learning",
  shape: ([x], { low, high }) => {
    if (!(low < high)) throw new ArgumentError(`needs low < high, got ${show([low, high])}`);
    return x;
  },
  forward: ([x], out, _, { low, high }) => map((value) => Math.min(Math.max(value, low), high))([x], out),
  kernel: elementwise("clamp", "low", "high"),
  vjp: [(g, { inputs: [x], params: { low, high } }) => where(mul(greater(x, low), less(x, high)), g, 0)],
  ranges: { low: "number", high: "number" },
  defaults: { low: -1, high: 1 },
});

/** Params of {@link leakyRelu}. */
export interface SlopeParams {
  /** Slope for x ≤ 0. Default 0.01, PyTorch's and the paper's; Keras has 0.3. */
  readonly slope?: number;
}

/** Relu with a small slope for x ≤ 0.  Shapes: any. @example leakyRelu(tensor([-1, 2])); // [-0.01, 2] */
export const leakyRelu: Op<[x: Tensor], SlopeParams> = defineOp<[x: Tensor], SlopeParams>({
  name: "leakyRelu",
  formula: "out = x if x > 0, else slope·x",
  source: "Maas et al. 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models, eq. 2",
  shape: ([x]) => x,
  forward: ([x], out, _, { slope }) => map((value) => (value > 0 ? value : slope * value))([x], out),
  kernel: elementwise("leakyRelu", "slope"),
  vjp: [(g, { inputs: [x], params: { slope } }) => where(greater(x, 0), g, mul(slope, g))],
  ranges: { slope: "finite" },
  defaults: { slope: 0.01 },
});

interface ExponentialSlopeParams {
  readonly right: number;
  readonly left: number;
  readonly rate: number;
}

/**
 * The slope of the ELU family: a constant for x > 0, an exponential for x ≤ 0. Its derivative has the same form (0 and
 * left·rate), so one op gives derivatives of all orders.
 */
const exponentialSlope: Op<[x: Tensor], ExponentialSlopeParams> = defineOp<
  [x: Tensor],
  ExponentialSlopeParams
>({
  name: "exponentialSlope",
  formula: "out = right if x > 0, else left·e^(rate·x)",
  shape: ([x]) => x,
  forward: ([x], out, _, { right, left, rate }) =>
    map((value) => (value > 0 ? right : left * math.exp(rate * value)))([x], out),
  kernel: elementwise("exponentialSlope", "right", "left", "rate"),
  vjp: [
    (g, { inputs: [x], params: { left, rate } }) =>
      chain(g, exponentialSlope(x, { right: 0, left: left * rate, rate })),
  ],
  required: ["right", "left", "rate"],
});

/** Params of {@link elu} and {@link celu}. */
export interface AlphaParams {
  /** The limit for x → −∞ is −alpha. Default 1. */
  readonly alpha?: number;
}

/**
 * Exponential linear unit: x if x > 0, else alpha·(eˣ − 1).  Shapes: any.  The slope at 0 is alpha.
 *
 * @example elu(tensor([-1, 2])); // [-0.63212056, 2]
 */
export const elu: Op<[x: Tensor], AlphaParams> = defineOp<[x: Tensor], AlphaParams>({
  name: "elu",
  formula: "out = x if x > 0, else alpha·(eˣ − 1)",
  source: "Clevert et al. 2016, Fast and Accurate Deep Network Learning by Exponential Linear Units, eq. 15",
  shape: ([x]) => x,
  forward: ([x], out, _, { alpha }) =>
    map((value) => (value > 0 ? value : alpha * math.expm1(value)))([x], out),
  kernel: elementwise("elu", 1, "alpha", 1),
  vjp: [
    (g, { inputs: [x], params: { alpha } }) =>
      chain(g, exponentialSlope(x, { right: 1, left: alpha, rate: 1 })),
  ],
  ranges: { alpha: "finite" },
  defaults: { alpha: 1 },
});

/**
 * ELU with a slope of 1 on both sides of 0: x if x > 0, else alpha·(e^(x/alpha) − 1).  Shapes: any.
 *
 * @throws ArgumentError if alpha is 0 or not finite.
 * @example celu(tensor([-1, 2]), { alpha: 2 }); // [-0.78693868, 2]
 */
export const celu: Op<[x: Tensor], AlphaParams> = defineOp<[x: Tensor], AlphaParams>({
  name: "celu",
  formula: "out = x if x > 0, else alpha·(e^(x/alpha) − 1)",
  source: "Barron 2017, Continuously Differentiable Exponential Linear Units",
  shape: ([x], { alpha }) => {
    if (alpha === 0) throw new ArgumentError("alpha must not be 0");
    return x;
  },
  forward: ([x], out, _, { alpha }) =>
    map((value) => (value > 0 ? value : alpha * math.expm1(value / alpha)))([x], out),
  kernel: elementwise("elu", 1, "alpha", "alpha"),
  vjp: [
    (g, { inputs: [x], params: { alpha } }) =>
      chain(g, exponentialSlope(x, { right: 1, left: 1, rate: 1 / alpha })),
  ],
  ranges: { alpha: "finite" },
  defaults: { alpha: 1 },
});

/**
 * Scaled exponential linear unit: λx if x > 0, else λα(eˣ − 1).  Shapes: any.
 *
 * With these λ and α, mean 0 and variance 1 of the activations are an attracting fixed point of layers whose weights have
 * mean 0 and variance 1/n: the network normalizes itself. The slope at 0 is λα; expm1 is exact for small negative x.
 *
 * @example selu(tensor([-1, 2])); // [-1.11133074, 2.10140197]
 */
export const selu: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "selu",
  formula: "out = λx if x > 0, else λα(eˣ − 1)",
  source: "Klambauer et al. 2017, Self-Normalizing Neural Networks, eq. 2 and 14",
  shape: ([x]) => x,
  forward: map((x) => (x > 0 ? SELU_LAMBDA * x : SELU_LAMBDA_ALPHA * math.expm1(x))),
  kernel: elementwise("elu", SELU_LAMBDA, SELU_LAMBDA_ALPHA, 1),
  vjp: [
    (g, { inputs: [x] }) =>
      chain(g, exponentialSlope(x, { right: SELU_LAMBDA, left: SELU_LAMBDA_ALPHA, rate: 1 })),
  ],
});

/** Params of {@link clamp}. */
export interface ClampParams {
  /** Lower bound. Default: none. */
  readonly low?: number;
  /** Upper bound. Default: none. */
  readonly high?: number;
}

/**
 * Limits every element to [low, high]; NaN stays NaN.  Shapes: any.
 *
 * The slope is 1 inside and at the bounds, as in PyTorch, and 0 outside.
 *
 * @throws ArgumentError if a bound is NaN or low > high (PyTorch silently returns `high`).
 * @example clamp(tensor([-2, 0.5, 3]), { low: 0, high: 1 }); // [0, 0.5, 1]
 */
export const clamp: Op<[x: Tensor], ClampParams> = defineOp<[x: Tensor], ClampParams>({
  name: "clamp",
  formula: "out = min(max(x, low), high)",
  shape: ([x], { low, high }) => {
    if (!(low <= high)) throw new ArgumentError(`needs low ≤ high, got ${show([low, high])}`);
    return x;
  },
  forward: ([x], out, _, { low, high }) => map((value) => Math.min(Math.max(value, low), high))([x], out),
  kernel: elementwise("clamp", "low", "high"),
  vjp: [
    (g, { inputs: [x], params: { low, high } }) => where(mul(greaterEqual(x, low), lessEqual(x, high)), g, 0),
  ],
  ranges: { low: "number", high: "number" },
  defaults: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
});
