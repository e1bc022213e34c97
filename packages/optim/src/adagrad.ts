import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link Adagrad}; defaults: {@link adagradDefaults}. */
export interface AdagradHyperparameters extends Hyperparameters {
  /** ≥ 0: what every sum of squares begins with. */
  readonly initialSum: number;
  /** > 0: prevents division by 0. */
  readonly epsilon: number;
  /** Whether epsilon is added under the root (Keras) or to it (PyTorch). */
  readonly epsilonInside: boolean;
  /** ≥ 0: step t has the learning rate lr / (1 + (t − 1)·rateDecay). PyTorch calls it lr_decay. */
  readonly rateDecay: number;
}

/** PyTorch's and Keras 3's defaults of {@link Adagrad}. */
export const adagradDefaults: Readonly<Record<Preset, AdagradHyperparameters>> = {
  torch: {
    learningRate: 0.01, // torch.optim.Adagrad
    initialSum: 0, // torch.optim.Adagrad (initial_accumulator_value)
    epsilon: 1e-10, // torch.optim.Adagrad
    epsilonInside: false, // torch.optim.Adagrad
    rateDecay: 0, // torch.optim.Adagrad (lr_decay)
    weightDecay: 0, // torch.optim.Adagrad
    decoupledWeightDecay: false, // torch.optim.Adagrad adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Adagrad
    initialSum: 0.1, // keras.optimizers.Adagrad (initial_accumulator_value)
    epsilon: 1e-7, // keras.optimizers.Adagrad
    epsilonInside: true, // keras.optimizers.Adagrad
    rateDecay: 0, // keras.optimizers.Adagrad has none
    weightDecay: 0, // keras.optimizers.Adagrad (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const adagrad: Rule<AdagradHyperparameters> = {
  name: "Adagrad",
  defaults: adagradDefaults,
  ranges: {
    learningRate: rate,
    initialSum: ranges.nonNegative,
    epsilon: ranges.positive,
    epsilonInside: ranges.flag,
    rateDecay: ranges.nonNegative,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: () => ["sum"],
  coefficients: ({ rateDecay }, t, learningRate) => [learningRate / (1 + (t - 1) * rateDecay)],
  update(x, g, { sum }, { initialSum, epsilon, epsilonInside }, [learningRate]) {
    const under = initialSum + (epsilonInside ? epsilon : 0);
    const beside = epsilonInside ? 0 : epsilon;
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const total = sum[i] + gi * gi;
      sum[i] = total;
      x[i] -= (learningRate * gi) / (Math.sqrt(total + under) + beside);
    }
  },
};

/**
 * Adagrad: every gradient is divided by the root of the sum of all its squares so far (Duchi, Hazan & Singer 2011, Adaptive
 * Subgradient Methods for Online Learning and Stochastic Optimization). The steps of a parameter only get smaller.
 *
 *     s ← s + g²                                         s = initialSum at first
 *     x ← x − lrₜ·g / (√s + epsilon)                     lrₜ = lr / (1 + (t − 1)·rateDecay), t = 1, 2, …
 *
 * or √(s + epsilon) for `epsilonInside`. Defaults: {@link adagradDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const adagrad = new Adagrad(namedParameters(net), { learningRate: 0.1 });
 * adagrad.step(backward(loss));
 */
export class Adagrad extends Optimizer<AdagradHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<AdagradHyperparameters>,
    options: AdagradOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("Adagrad", "parameters, options", extra);
    super(adagrad, parameters, options);
  }
}

/** Options of {@link Adagrad}: its hyperparameters, `preset` and `clip`. */
export type AdagradOptions = OptimizerOptions<AdagradHyperparameters>;
