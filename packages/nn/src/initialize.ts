import {
  ArgumentError,
  check,
  formatShape,
  noMore,
  Parameter,
  type Range,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  ShapeError,
  sameShape,
  show,
  Tensor,
} from "@gradus/core";
import { checks } from "./named-parameters.ts";

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
export function lecunNormal(shape: Shape, rng: Rng, ...extra: readonly undefined[]): Tensor {
  noMore("lecunNormal", "shape, rng", extra);
  return normalOf("lecunNormal", shape, rng, ({ fanIn }) => 1 / fanIn);
}

/** A function of a shape and a random stream. */
export const initializerRange: Range = {
  says: "must be a function such as heNormal",
  admits: ranges.callable.admits,
  hint: (value) => checks.initializerHint?.(value),
};

/**
 * Makes a parameter with an initializer.
 *
 * @throws ShapeError if the initializer returns another shape.
 * @example readonly weight = initialize("MyLayer", lecunNormal, [3, 4], rng);
 */
export function initialize(who: string, init: Initializer, shape: Shape, rng: Rng): Parameter {
  check(who, "rng", rng, randomStream);
  check(who, "the initializer", init, initializerRange);
  const values: unknown = within(who, () => init(shape, rng));
  if (!(values instanceof Tensor)) {
    throw new ArgumentError(`${who}: the initializer must return a tensor, got ${show(values)}`);
  }
  if (!sameShape(values.shape, shape)) {
    throw new ShapeError(
      `${who}: the initializer returned shape ${formatShape(values.shape)} instead of ${formatShape(shape)}`,
    );
  }
  return new Parameter(values);
}

/** The result of `make`, such as the values of a parameter. An error of gradus names the layer in front. */
export function within<T>(who: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof ArgumentError)) throw error;
    throw new (error.constructor as typeof ShapeError)(`${who}: ${error.message}`);
  }
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
  const checked = checks.fans?.(shape, who) ?? shape;
  const [fanIn, fanOut] = checked.slice(-2);
  let field = 1;
  for (const size of checked.slice(0, -2)) field *= size;
  return { fanIn: Math.max(1, field * fanIn), fanOut: Math.max(1, field * fanOut) };
}

export type VarianceOf = (fans: Fans) => number;

export function normalOf(who: string, shape: Shape, rng: Rng, variance: VarianceOf): Tensor {
  check(who, "rng", rng, randomStream);
  return rng.normal(shape, { std: Math.sqrt(variance(fansOf(shape, who))) });
}
