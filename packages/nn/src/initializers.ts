import {
  check,
  full,
  noMore,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  type Shape,
  type Tensor,
} from "@gradus/core";

import { fansOf, type Initializer, normalOf, type VarianceOf } from "./initialize.ts";
import { refuseUncalled } from "./uncalled.ts";

/** LeCun normal truncated at two standard deviations and rescaled to the variance 1/fan_in. */
export function lecunNormalTruncated(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("lecunNormalTruncated", "shape, rng", extra);
  return truncatedOf("lecunNormalTruncated", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** LeCun uniform: U(−L, L) with L = √(3/fan_in), variance 1/fan_in. LeCun et al. 1998, §4.6. */
export function lecunUniform(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("lecunUniform", "shape, rng", extra);
  return uniformOf("lecunUniform", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** Glorot normal: N(0, 2/(fan_in + fan_out)). Glorot & Bengio 2010, eq. 12. */
export function glorotNormal(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("glorotNormal", "shape, rng", extra);
  return normalOf("glorotNormal", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** Glorot normal truncated at two standard deviations and rescaled to the variance 2/(fan_in + fan_out). */
export function glorotNormalTruncated(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("glorotNormalTruncated", "shape, rng", extra);
  return truncatedOf("glorotNormalTruncated", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** Glorot uniform: U(−L, L) with L = √(6/(fan_in + fan_out)). Glorot & Bengio 2010, eq. 16. */
export function glorotUniform(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("glorotUniform", "shape, rng", extra);
  return uniformOf("glorotUniform", shape, rng, ({ fanIn, fanOut }) => 2 / (fanIn + fanOut));
}

/** He normal, for ReLU: N(0, 2/fan_in). He et al. 2015, eq. 10. */
export function heNormal(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("heNormal", "shape, rng", extra);
  return normalOf("heNormal", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** He normal truncated at two standard deviations and rescaled to the variance 2/fan_in. */
export function heNormalTruncated(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("heNormalTruncated", "shape, rng", extra);
  return truncatedOf("heNormalTruncated", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** He uniform, for ReLU: U(−L, L) with L = √(6/fan_in). He et al. 2015, eq. 10. */
export function heUniform(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("heUniform", "shape, rng", extra);
  return uniformOf("heUniform", shape, rng, ({ fanIn }) => 2 / fanIn);
}

/** The same finite value everywhere.  @example new Dense(2, 1, { rng, biasInit: constantInit(0.1) }); */
export function constantInit(value: number, ...extra: readonly undefined[]): Initializer {
  refuseUncalled("constantInit", value, "constantInit(0.1)");
  noMore("constantInit", "value", extra);
  check("constantInit", "value", value, ranges.finite);
  return (shape, _rng, ...more: readonly unknown[]) => {
    noMore("constantInit(value)", "shape, rng", more);
    return full(shape, value);
  };
}

/**
 * U(low, high), for a shape of any rank.
 *
 * @example new Dense(2, 8, { rng, init: uniform({ low: -0.05, high: 0.05 }) });
 */
export function uniform(
  options: { readonly low: number; readonly high: number },
  ...extra: readonly undefined[]
): Initializer {
  refuseUncalled("uniform", options, "uniform({ low: -0.05, high: 0.05 })");
  noMore("uniform", "options", extra);
  const { low, high } = resolveOptions<{ low: number; high: number }>(
    "uniform",
    options,
    {},
    { low: ranges.finite, high: ranges.finite },
  );
  check("uniform", "low and high", [low, high], ranges.interval);
  return (shape, rng, ...more: readonly unknown[]) => {
    noMore("uniform(options)", "shape, rng", more);
    check("uniform", "rng", rng, randomStream);
    return rng.uniform(shape, { low, high });
  };
}

/**
 * N(mean, std²), for a shape of any rank.
 *
 * @example new Embedding(1000, 64, { rng, init: normal({ mean: 0, std: 0.02 }) });
 */
export function normal(
  options: { readonly mean: number; readonly std: number },
  ...extra: readonly undefined[]
): Initializer {
  refuseUncalled("normal", options, "normal({ mean: 0, std: 0.05 })");
  noMore("normal", "options", extra);
  const { mean, std } = resolveOptions<{ mean: number; std: number }>(
    "normal",
    options,
    {},
    { mean: ranges.finite, std: ranges.nonNegative },
  );
  return (shape, rng, ...more: readonly unknown[]) => {
    noMore("normal(options)", "shape, rng", more);
    check("normal", "rng", rng, randomStream);
    return rng.normal(shape, { mean, std });
  };
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
