import { check, checkShape, type Op, type Rng, randomStream, ranges, type Shape } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";

// Random numbers as ops without tensor inputs, so that a compiled step, which runs its ops again in order, draws from the
// stream again in the same order.

/** Params of {@link bernoulliMask}. */
export interface BernoulliParams {
  /** The shape of the result. */
  readonly shape: Shape;
  /** Probability of a 1, in [0, 1]. */
  readonly probability: number;
  /** The random stream: one number for each element. */
  readonly rng: Rng;
}

/**
 * A mask of independent ones and zeros: 1 where the next number of the stream, uniform in [0, 1), is less than
 * `probability`. So probability 0 gives only zeros and 1 only ones.  Shapes: → `shape`.
 *
 * @throws ArgumentError for a probability outside [0, 1].
 * @example bernoulliMask({ shape: [4], probability: 0.9, rng }); // such as [1, 1, 0, 1]
 */
export const bernoulliMask: Op<[], BernoulliParams> = defineOp<[], BernoulliParams>({
  name: "bernoulliMask",
  formula: "out = 1 with the probability, else 0",
  shape: (_, { shape }) => checkShape(shape, "shape"),
  forward: (_, out, __, { probability, rng }) => {
    rng.fill(out);
    for (let i = 0; i < out.length; i++) out[i] = out[i] < probability ? 1 : 0;
  },
  impure: true,
  kernel: { layout: "draw", instruction: "bernoulli", numbers: ["probability"] },
  vjp: [],
  ranges: { shape: "numbers", probability: "unit", rng: randomStream },
  required: ["shape", "probability", "rng"],
});

/** Params of {@link uniformNoise}. */
export interface UniformNoiseParams {
  /** The shape of the result. */
  readonly shape: Shape;
  /** The smallest number that can be drawn. */
  readonly low: number;
  /** All numbers are below it; if it is equal to `low`, all are `low`. */
  readonly high: number;
  /** The random stream: one number for each element. */
  readonly rng: Rng;
}

/**
 * Independent numbers, uniform in [low, high).  Shapes: → `shape`.
 *
 * @throws ArgumentError unless low ≤ high are finite.
 * @example uniformNoise({ shape: [2], low: 1 / 8, high: 1 / 3, rng });
 */
export const uniformNoise: Op<[], UniformNoiseParams> = defineOp<[], UniformNoiseParams>({
  name: "uniformNoise",
  formula: "out ~ U(low, high)",
  shape: (_, { shape, low, high }) => {
    check("", "low and high", [low, high], ranges.interval);
    return checkShape(shape, "shape");
  },
  forward: (_, out, __, { low, high, rng }) => {
    rng.fill(out);
    for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * out[i];
  },
  impure: true,
  kernel: { layout: "draw", instruction: "uniform", numbers: ["low", "high"] },
  vjp: [],
  ranges: { shape: "numbers", low: "finite", high: "finite", rng: randomStream },
  required: ["shape", "low", "high", "rng"],
});
