import {
  check,
  greater,
  mul,
  type Op,
  type Rng,
  randomStream,
  ranges,
  type Tensor,
  where,
} from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { uniformNoise } from "./random.ts";

/** Params of {@link rrelu}. */
export interface RReluParams {
  /** Smallest slope. Default 1/8. */
  readonly lower?: number;
  /** Largest slope. Default 1/3. */
  readonly upper?: number;
  /** The random stream for the slopes: one number for each element, positive ones too. */
  readonly rng: Rng;
}

/**
 * Randomised leaky ReLU as in training: out = x where x > 0, else a·x with a slope a ~ U(lower, upper) drawn for each
 * element. (Evaluation uses the mean slope: `leakyRelu(x, { slope: (lower + upper) / 2 })`.) Shapes: any.
 *
 * Xu et al. 2015, Empirical Evaluation of Rectified Activations in Convolutional Network, §2.4, with PyTorch's slopes: the
 * paper draws 1/a from U(3, 8).
 *
 * @throws ArgumentError unless lower ≤ upper are finite.
 * @example rrelu(tensor([-1, 2]), { rng }); // such as [-0.2, 2]
 */
export const rrelu: Op<[x: Tensor], RReluParams> = deriveOp<[x: Tensor], RReluParams>({
  name: "rrelu",
  formula: "out = x where x > 0, else a·x, a ~ U(lower, upper)",
  arity: 1,
  compute: ([x], { lower, upper, rng }) => {
    check("", "lower and upper", [lower, upper], ranges.interval);
    const slope = uniformNoise({ shape: x.shape, low: lower, high: upper, rng });
    return mul(x, where(greater(x, 0), 1, slope));
  },
  ranges: { rng: randomStream, lower: "finite", upper: "finite" },
  defaults: { lower: 1 / 8, upper: 1 / 3 },
  required: ["rng"],
});
