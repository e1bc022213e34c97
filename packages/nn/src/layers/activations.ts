import {
  type AlphaParams,
  celu,
  elu,
  type GeluParams,
  gelu,
  type HardtanhParams,
  hardtanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  type Range,
  ranges,
  relu,
  relu6,
  type SlopeParams,
  type SoftplusParams,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from "@gradus/core";
import { type ActivationWith, activation, type Declaration, type PlainActivation } from "./activation.ts";

/** The form of {@link GELU}: exact, or the approximation with tanh that older models were trained with. */
export type GeluForm = "none" | "tanh";

/** Options of {@link Softmax} and {@link LogSoftmax}. */
export interface SoftmaxOptions {
  /** The axis that sums to 1, counted from the back if negative. Default -1. */
  readonly axis?: number;
}

const form: Range = /* @__PURE__ */ ranges.oneOf("none", "tanh");

/** Any number but NaN; an infinite bound does not limit. */
const bound: Range = {
  says: "must be a number",
  admits: (value) => typeof value === "number" && !Number.isNaN(value),
};

const alongAxis: Declaration<SoftmaxOptions> = {
  ranges: { axis: ranges.whole },
  defaults: { axis: -1 },
  brief: true,
  misfit: (x, { axis }) => (axis < -x.rank || axis >= x.rank ? `with an axis ${axis}` : undefined),
};

// The layers without parameters: a class for each op; its name is also the type of its instances. The marks PURE let
// bundlers leave out unused classes. Training and evaluation are the same for all of them.

/**
 * Rectified linear unit: x where x > 0, else 0. Nair & Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann
 * Machines.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Sequential(new Dense(2, 8, { rng, init: heNormal }), new ReLU(), new Dense(8, 1, { rng }));
 */
export const ReLU: PlainActivation = /* @__PURE__ */ activation("ReLU", relu);
export type ReLU = InstanceType<typeof ReLU>;

/**
 * ReLU cut off at 6: min(max(x, 0), 6). Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new ReLU6();
 */
export const ReLU6: PlainActivation = /* @__PURE__ */ activation("ReLU6", relu6);
export type ReLU6 = InstanceType<typeof ReLU6>;

/**
 * ReLU with a slope for x ≤ 0: x where x > 0, else slope·x, so that every unit always has a gradient. Maas, Hannun & Ng
 * 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `slope`: finite. Default 0.01, the paper's and PyTorch's (Keras has 0.3).
 * @example new LeakyReLU({ slope: 0.2 });
 */
export const LeakyReLU: ActivationWith<SlopeParams> = /* @__PURE__ */ activation("LeakyReLU", leakyRelu, {
  ranges: { slope: ranges.finite },
});
export type LeakyReLU = InstanceType<typeof LeakyReLU>;

/**
 * Exponential linear unit: x where x > 0, else α(eˣ − 1). Negative values bring the mean closer to 0 than ReLU can.
 * Clevert, Unterthiner & Hochreiter 2016, Fast and Accurate Deep Network Learning by Exponential Linear Units.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `alpha`: finite. Default 1, the paper's.
 * @example new ELU();
 */
export const ELU: ActivationWith<AlphaParams> = /* @__PURE__ */ activation("ELU", elu, {
  ranges: { alpha: ranges.finite },
});
export type ELU = InstanceType<typeof ELU>;

/**
 * ELU made smooth at 0 for every α: max(x, 0) + min(0, α(e^(x/α) − 1)). Barron 2017, Continuously Differentiable
 * Exponential Linear Units.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `alpha`: finite and not 0. Default 1, where it equals ELU.
 * @example new CELU({ alpha: 0.5 });
 */
export const CELU: ActivationWith<AlphaParams> = /* @__PURE__ */ activation("CELU", celu, {
  ranges: { alpha: ranges.finite },
  conflict: ({ alpha }) => (alpha === 0 ? "alpha must not be 0" : undefined),
});
export type CELU = InstanceType<typeof CELU>;

/**
 * Scaled exponential linear unit: λx where x > 0, else λα(eˣ − 1). For λ ≈ 1.0507 and α ≈ 1.6733, mean 0 and variance 1
 * of the units are an attracting fixed point of the map from layer to layer. This needs standardised inputs, LeCun
 * normal weights (variance 1/fan_in), and `AlphaDropout` for dropout. Klambauer et al. 2017, Self-Normalizing Neural
 * Networks, eq. 2; the constants are its eq. 14.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Sequential(new Dense(784, 512, { rng }), new SELU(), new AlphaDropout(0.05));
 */
export const SELU: PlainActivation = /* @__PURE__ */ activation("SELU", selu);
export type SELU = InstanceType<typeof SELU>;

/**
 * Gaussian error linear unit: x·Φ(x), where Φ is the standard normal distribution function. Hendrycks & Gimpel 2016,
 * Gaussian Error Linear Units, section 2.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `approximate`: "none" (default, exact) or "tanh".
 * @example new GELU({ approximate: "tanh" });
 */
export const GELU: ActivationWith<GeluParams> = /* @__PURE__ */ activation("GELU", gelu, {
  ranges: { approximate: form },
  brief: true,
});
export type GELU = InstanceType<typeof GELU>;

/**
 * Sigmoid linear unit, also called swish: x·σ(x). Elfwing, Uchibe & Doya 2018, Sigmoid-Weighted Linear Units, section
 * 2.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new SiLU();
 */
export const SiLU: PlainActivation = /* @__PURE__ */ activation("SiLU", silu);
export type SiLU = InstanceType<typeof SiLU>;

/**
 * Mish: x·tanh(softplus(x)). Misra 2020, Mish: A Self Regularized Non-Monotonic Activation Function.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Mish();
 */
export const Mish: PlainActivation = /* @__PURE__ */ activation("Mish", mish);
export type Mish = InstanceType<typeof Mish>;

/**
 * Logistic sigmoid: σ(x) = 1/(1 + e⁻ˣ), in (0, 1). For a loss, keep the logits and use `bceWithLogits`.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Sigmoid();
 */
export const Sigmoid: PlainActivation = /* @__PURE__ */ activation("Sigmoid", sigmoid);
export type Sigmoid = InstanceType<typeof Sigmoid>;

/**
 * Logarithm of the sigmoid, exact also where σ(x) rounds to 0 or 1: −log(1 + e⁻ˣ).
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new LogSigmoid();
 */
export const LogSigmoid: PlainActivation = /* @__PURE__ */ activation("LogSigmoid", logSigmoid);
export type LogSigmoid = InstanceType<typeof LogSigmoid>;

/**
 * Hyperbolic tangent, in (−1, 1). LeCun et al. 1998, Efficient BackProp, §4.4 (why it trains faster than the sigmoid).
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Tanh();
 */
export const Tanh: PlainActivation = /* @__PURE__ */ activation("Tanh", tanh);
export type Tanh = InstanceType<typeof Tanh>;

/**
 * Smooth ReLU: log(1 + e^(beta·x))/beta, always positive.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `beta`: > 0; the larger, the nearer to ReLU. Default 1, as in PyTorch and Keras.
 * @example new Softplus({ beta: 2 });
 */
export const Softplus: ActivationWith<SoftplusParams> = /* @__PURE__ */ activation("Softplus", softplus, {
  ranges: { beta: ranges.positive },
});
export type Softplus = InstanceType<typeof Softplus>;

/**
 * Softsign: x/(1 + |x|), in (−1, 1) with slower tails than tanh. Glorot & Bengio 2010, section 3.
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @example new Softsign();
 */
export const Softsign: PlainActivation = /* @__PURE__ */ activation("Softsign", softsign);
export type Softsign = InstanceType<typeof Softsign>;

/**
 * x limited to [low, high].
 * Shapes: any, unchanged. Training and evaluation are the same.
 *
 * @param options `low` and `high`, low < high. Default −1 and 1.
 * @example new Hardtanh({ low: 0, high: 1 });
 */
export const Hardtanh: ActivationWith<HardtanhParams> = /* @__PURE__ */ activation("Hardtanh", hardtanh, {
  ranges: { low: bound, high: bound },
  conflict: ({ low, high }) => (low < high ? undefined : `needs low < high, got ${low} and ${high}`),
});
export type Hardtanh = InstanceType<typeof Hardtanh>;

/**
 * Softmax: exp(x)/Σexp(x), positive numbers that sum to 1 along an axis. For a loss, keep the logits and use
 * `crossEntropy`, which is exact where softmax rounds to 0 or 1.
 * Shapes: any with that axis, unchanged. Training and evaluation are the same.
 *
 * @param options see {@link SoftmaxOptions}.
 * @example new Sequential(new Dense(64, 10, { rng }), new Softmax());
 */
export const Softmax: ActivationWith<SoftmaxOptions> = /* @__PURE__ */ activation(
  "Softmax",
  softmax,
  alongAxis,
);
export type Softmax = InstanceType<typeof Softmax>;

/**
 * Logarithm of softmax: x − log Σexp(x), exact also where softmax rounds to 0. Its loss is `nll`.
 * Shapes: any with that axis, unchanged. Training and evaluation are the same.
 *
 * @param options see {@link SoftmaxOptions}.
 * @example new Sequential(new Dense(64, 10, { rng }), new LogSoftmax());
 */
export const LogSoftmax: ActivationWith<SoftmaxOptions> = /* @__PURE__ */ activation(
  "LogSoftmax",
  logSoftmax,
  alongAxis,
);
export type LogSoftmax = InstanceType<typeof LogSoftmax>;
