import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link RMSprop}; defaults: {@link rmspropDefaults}. */
export interface RMSpropHyperparameters extends Hyperparameters {
  /** In [0, 1): the decay of the running averages. PyTorch calls it alpha. */
  readonly rho: number;
  /** > 0: prevents division by 0. */
  readonly epsilon: number;
  /** Whether epsilon is added under the root (Keras 3) or to it (PyTorch, Keras 2.0). */
  readonly epsilonInside: boolean;
  /** Whether to divide by an estimate of the standard deviation instead of the root mean square. */
  readonly centered: boolean;
  /** mu in [0, 1]: the share of the last step that is kept. */
  readonly momentum: number;
  /** Whether the learning rate is inside the momentum buffer b (Keras) or applied to it (PyTorch). */
  readonly learningRateInMomentum: boolean;
}

/** PyTorch's and Keras 3's defaults of {@link RMSprop}. */
export const rmspropDefaults: Readonly<Record<Preset, RMSpropHyperparameters>> = {
  torch: {
    learningRate: 0.01, // torch.optim.RMSprop
    rho: 0.99, // torch.optim.RMSprop (alpha)
    epsilon: 1e-8, // torch.optim.RMSprop
    epsilonInside: false, // torch.optim.RMSprop
    centered: false, // torch.optim.RMSprop
    momentum: 0, // torch.optim.RMSprop
    learningRateInMomentum: false, // torch.optim.RMSprop
    weightDecay: 0, // torch.optim.RMSprop
    decoupledWeightDecay: false, // torch.optim.RMSprop adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.RMSprop
    rho: 0.9, // keras.optimizers.RMSprop; also Tieleman & Hinton 2012
    epsilon: 1e-7, // keras.optimizers.RMSprop
    epsilonInside: true, // keras.optimizers.RMSprop
    centered: false, // keras.optimizers.RMSprop
    momentum: 0, // keras.optimizers.RMSprop
    learningRateInMomentum: true, // keras.optimizers.RMSprop
    weightDecay: 0, // keras.optimizers.RMSprop (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const rmsprop: Rule<RMSpropHyperparameters> = {
  name: "RMSprop",
  defaults: rmspropDefaults,
  ranges: {
    learningRate: rate,
    rho: ranges.fraction,
    epsilon: ranges.positive,
    epsilonInside: ranges.flag,
    centered: ranges.flag,
    momentum: ranges.unit,
    learningRateInMomentum: ranges.flag,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: (h) => [
    "v",
    ...(h.centered ? ["a"] : []),
    // Two names, so that a buffer with the learning rate in it is not restored as one without.
    ...(h.momentum === 0 ? [] : [h.learningRateInMomentum ? "velocity" : "momentum"]),
  ],
  update(x, g, slots, h, [learningRate]) {
    const { rho, centered, momentum: mu, learningRateInMomentum } = h;
    const { v, a } = slots;
    const b = learningRateInMomentum ? slots.velocity : slots.momentum;
    const [under, beside] = epsilons(h);
    // A separate loop for the usual case: branches in the loop make it twice as slow.
    if (!centered && mu === 0) {
      for (let i = 0; i < x.length; i++) {
        const gi = g[i];
        const vi = rho * v[i] + (1 - rho) * gi * gi;
        v[i] = vi;
        x[i] -= (learningRate * gi) / (Math.sqrt(vi + under) + beside);
      }
      return;
    }
    const inside = learningRateInMomentum ? learningRate : 1;
    const outside = learningRateInMomentum ? 1 : learningRate;
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      let variance = rho * v[i] + (1 - rho) * gi * gi;
      v[i] = variance;
      if (centered) {
        const mean = rho * a[i] + (1 - rho) * gi;
        a[i] = mean;
        // Rounding can make it negative when all gradients are equal.
        variance = Math.max(0, variance - mean * mean);
      }
      let step = (inside * gi) / (Math.sqrt(variance + under) + beside);
      if (mu !== 0) {
        step += mu * b[i];
        b[i] = step;
      }
      x[i] -= outside * step;
    }
  },
  kernel(h) {
    const { rho, centered, momentum, learningRateInMomentum } = h;
    const numbers = [rho, ...epsilons(h)];
    if (!centered && momentum === 0) return { instruction: "rmsprop", slots: ["v"], numbers };
    return {
      instruction: "rmspropMomentum",
      slots: ["v", ...(centered ? ["a"] : []), ...(momentum === 0 ? [] : ["b"])],
      numbers: [...numbers, momentum, Number(learningRateInMomentum)],
    };
  },
};

/** The numbers added under the root and to it. */
function epsilons({ epsilon, epsilonInside }: RMSpropHyperparameters): [under: number, beside: number] {
  return epsilonInside ? [epsilon, 0] : [0, epsilon];
}

/**
 * RMSprop: every gradient is divided by a running root mean square of its past (Tieleman & Hinton 2012, Neural
 * Networks for Machine Learning, lecture 6.5).
 *
 *     v ← rho·v + (1 − rho)·g²
 *     x ← x − lr·g / (√v + epsilon)     (epsilonInside: x ← x − lr·g / √(v + epsilon))
 *
 * `centered` (Graves 2013, Generating Sequences With Recurrent Neural Networks, equations 38 to 41) also keeps the
 * average a ← rho·a + (1 − rho)·g and divides by the root of max(0, v − a²) instead of v.
 *
 * With momentum mu, where d is the denominator above:
 *
 *     b ← mu·b + g / d;     x ← x − lr·b     (PyTorch)
 *     b ← mu·b + lr·g / d;  x ← x − b        (Keras: learningRateInMomentum)
 *
 * Defaults: {@link rmspropDefaults} of the preset (default `"torch"`). They differ a lot: the same net with the same
 * learning rate trains differently with PyTorch's rho of 0.99 and Keras' 0.9.
 *
 * @example
 * const rmsprop = new RMSprop(namedParameters(net), { preset: "keras", learningRate: 0.0005 });
 * rmsprop.step(backward(loss));
 *
 * @example
 * // RMSprop of Keras 2.0 (2017):
 * new RMSprop(parameters, { preset: "keras", epsilon: 1e-8, epsilonInside: false });
 */
export class RMSprop extends Optimizer<RMSpropHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<RMSpropHyperparameters>,
    options: RMSpropOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("RMSprop", "parameters, options", extra);
    super(rmsprop, parameters, options);
  }
}

/** Options of {@link RMSprop}: its hyperparameters, `preset` and `clip`. */
export type RMSpropOptions = OptimizerOptions<RMSpropHyperparameters>;
