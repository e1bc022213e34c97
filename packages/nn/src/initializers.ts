import {
  check,
  checkShape,
  formatShape,
  full,
  Parameter,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
} from "@gradus/core";

/**
 * Draws the initial values of a parameter.
 *
 * Initializers that depend on fans take a shape [in, out], that of `Dense`: fan_in = in, the number of terms in each
 * output; fan_out = out, the number of outputs of each input. Leading axes, as of a convolution kernel [height, width,
 * in, out], multiply both. A fan of 0 counts as 1. They refuse shapes of rank 0 or 1, such as that of a bias: use core's
 * `zeros`, {@link constantInit}, {@link uniform} or {@link normal}.
 */
export type Initializer = (shape: Shape, rng: Rng) => Tensor;

/**
 * LeCun normal: N(0, 1/fan_in), not truncated. SELU nets need it: a sum of fan_in products with weights of this variance
 * has the variance of its inputs.
 *
 * LeCun et al. 1998, Efficient BackProp, §4.6, eq. 16; Klambauer et al. 2017, Self-Normalizing Neural Networks.
 *
 * @example new Dense(784, 512, { rng, init: lecunNormal, activation: selu });
 */
export function lecunNormal(shape: Shape, rng: Rng): Tensor {
  return normalOf("lecunNormal", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** LeCun normal truncated at two standard deviations and rescaled to the variance 1/fan_in. */
export function lecunNormalTruncated(shape: Shape, rng: Rng): Tensor {
  return truncatedOf("lecunNormalTruncated", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** LeCun uniform: U(−L, L) with L = √(3/fan_in), variance 1/fan_in. LeCun et al. 1998, §4.6. */
export function lecunUniform(shape: Shape, rng: Rng): Tensor {
  return uniformOf("lecunUniform", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** Glorot normal: N(0, 2/(fan_in + fan_out)). Glorot & Bengio 2010, eq. 12. */
export function glorotNormal(shape: Shape, rng: Rng): Tensor {
  return normalOf("glorotNormal", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** Glorot normal truncated at two standard deviations and rescaled to the variance 2/(fan_in + fan_out). */
export function glorotNormalTruncated(shape: Shape, rng: Rng): Tensor {
  return truncatedOf("glorotNormalTruncated", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** Glorot uniform: U(−L, L) with L = √(6/(fan_in + fan_out)). Glorot & Bengio 2010, eq. 16. */
export function glorotUniform(shape: Shape, rng: Rng): Tensor {
  return uniformOf("glorotUniform", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** He normal, for ReLU: N(0, 2/fan_in). He et al. 2015, eq. 10. */
export function heNormal(shape: Shape, rng: Rng): Tensor {
  return normalOf("heNormal", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** He normal truncated at two standard deviations and rescaled to the variance 2/fan_in. */
export function heNormalTruncated(shape: Shape, rng: Rng): Tensor {
  return truncatedOf("heNormalTruncated", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** He uniform, for ReLU: U(−L, L) with L = √(6/fan_in). He et al. 2015, eq. 10. */
export function heUniform(shape: Shape, rng: Rng): Tensor {
  return uniformOf("heUniform", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** The same finite value everywhere.  @example new Dense(2, 1, { rng, biasInit: constantInit(0.1) }); */
export function constantInit(value: number): Initializer {
  check("constantInit", "value", value, ranges.finite);
  return (shape) => full(shape, value);
}

/**
 * U(low, high), for a shape of any rank.
 *
 * @example new Dense(2, 8, { rng, init: uniform({ low: -0.05, high: 0.05 }) });
 */
export function uniform(options: { readonly low: number; readonly high: number }): Initializer {
  const { low, high } = resolveOptions<{ low: number; high: number }>(
    "uniform",
    options,
    {},
    { low: ranges.finite, high: ranges.finite },
  );
  check("uniform", "low and high", [low, high], ranges.interval);
  return (shape, rng) => {
    check("uniform", "rng", rng, randomStream);
    return rng.uniform(shape, { low, high });
  };
}

/**
 * N(mean, std²), for a shape of any rank.
 *
 * @example new Embedding(1000, 64, { rng, init: normal({ mean: 0, std: 0.02 }) });
 */
export function normal(options: { readonly mean: number; readonly std: number }): Initializer {
  const { mean, std } = resolveOptions<{ mean: number; std: number }>(
    "normal",
    options,
    {},
    { mean: ranges.finite, std: ranges.nonNegative },
  );
  return (shape, rng) => {
    check("normal", "rng", rng, randomStream);
    return rng.normal(shape, { mean, std });
  };
}

/**
 * Makes a parameter with an initializer.
 *
 * @throws ShapeError if the initializer returns another shape.
 * @example readonly weight = initialize("MyLayer", lecunNormal, [3, 4], rng);
 */
export function initialize(who: string, init: Initializer, shape: Shape, rng: Rng): Parameter {
  check(who, "rng", rng, randomStream);
  check(who, "the initializer", init, ranges.callable);
  const values = init(shape, rng);
  if (!sameShape(values.shape, shape)) {
    throw new ShapeError(
      `${who}: the initializer returned shape ${formatShape(values.shape)} instead of ${formatShape(shape)}`,
    );
  }
  return new Parameter(values);
}

/** The number of inputs of each output of a weight, and the number of outputs of each input. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a weight [in, out] or [..., in, out], at least 1 each.
 *
 * @throws ShapeError for a shape of rank 0 or 1.
 * @example fansOf([784, 512]); // { fanIn: 784, fanOut: 512 }
 */
export function fansOf(shape: Shape, who = "fansOf"): Fans {
  const checked = checkShape(shape, who);
  if (checked.length < 2) {
    throw new ShapeError(
      `${who}(${formatShape(checked)}): fans need a shape [in, out]; for a bias use zeros, constantInit, uniform or normal`,
    );
  }
  const [fanIn, fanOut] = checked.slice(-2);
  let field = 1;
  for (const size of checked.slice(0, -2)) field *= size;
  return { fanIn: Math.max(1, field * fanIn), fanOut: Math.max(1, field * fanOut) };
}

type VarianceOf = (fans: Fans) => number;

function normalOf(who: string, shape: Shape, rng: Rng, variance: VarianceOf): Tensor {
  check(who, "rng", rng, randomStream);
  return rng.normal(shape, { std: Math.sqrt(variance(fansOf(shape, who))) });
}

/** U(−L, L) has variance L²/3. */
function uniformOf(who: string, shape: Shape, rng: Rng, variance: VarianceOf): Tensor {
  check(who, "rng", rng, randomStream);
  const limit = Math.sqrt(3 * variance(fansOf(shape, who)));
  return rng.uniform(shape, { low: -limit, high: limit });
}

/** Standard deviation of N(0, 1) truncated at ±2: √(1 − 4φ(2)/(2Φ(2) − 1)). */
export const TRUNCATED_STD = 0.8796256610342398;

/** Normal numbers, drawn again if beyond two standard deviations, and scaled to the given variance. */
function truncatedOf(who: string, shape: Shape, rng: Rng, variance: VarianceOf): Tensor {
  check(who, "rng", rng, randomStream);
  const std = Math.sqrt(variance(fansOf(shape, who))) / TRUNCATED_STD;
  const out = rng.normal(shape);
  for (let i = 0; i < out.size; i++) {
    let z = out.data[i];
    while (Math.abs(z) > 2) z = rng.normal([]).item();
    out.data[i] = std * z;
  }
  return out;
}
