import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { integerPower } from "./power.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link Adamax}; defaults: {@link adamaxDefaults}. */
export interface AdamaxHyperparameters extends Hyperparameters {
  /** In [0, 1): the decay of m, the running average of the gradient. */
  readonly beta1: number;
  /** In [0, 1): the decay of u, the running maximum of the gradient's size. */
  readonly beta2: number;
  /** > 0: prevents division by 0. */
  readonly epsilon: number;
  /** Whether epsilon is added to |g| before the maximum (PyTorch) or to u after it (Keras). */
  readonly epsilonInside: boolean;
}

/** PyTorch's and Keras 3's defaults of {@link Adamax}. */
export const adamaxDefaults: Readonly<Record<Preset, AdamaxHyperparameters>> = {
  torch: {
    learningRate: 0.002, // torch.optim.Adamax; also Kingma & Ba 2015, Algorithm 2
    beta1: 0.9, // torch.optim.Adamax; also Kingma & Ba 2015, Algorithm 2
    beta2: 0.999, // torch.optim.Adamax; also Kingma & Ba 2015, Algorithm 2
    epsilon: 1e-8, // torch.optim.Adamax; the paper has none
    epsilonInside: true, // torch.optim.Adamax
    weightDecay: 0, // torch.optim.Adamax
    decoupledWeightDecay: false, // torch.optim.Adamax adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Adamax
    beta1: 0.9, // keras.optimizers.Adamax
    beta2: 0.999, // keras.optimizers.Adamax
    epsilon: 1e-7, // keras.optimizers.Adamax
    epsilonInside: false, // keras.optimizers.Adamax
    weightDecay: 0, // keras.optimizers.Adamax (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const adamax: Rule<AdamaxHyperparameters> = {
  name: "Adamax",
  defaults: adamaxDefaults,
  ranges: {
    learningRate: rate,
    beta1: ranges.fraction,
    beta2: ranges.fraction,
    epsilon: ranges.positive,
    epsilonInside: ranges.flag,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  slots: () => ["m", "u"],
  coefficients: ({ beta1 }, t, learningRate) => [learningRate / (1 - integerPower(beta1, t))],
  update(x, g, { m, u }, { beta1, beta2, epsilon, epsilonInside }, [learningRate]) {
    const inside = epsilonInside ? epsilon : 0;
    const beside = epsilonInside ? 0 : epsilon;
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const mi = beta1 * m[i] + (1 - beta1) * gi;
      const ui = Math.max(beta2 * u[i], Math.abs(gi) + inside);
      m[i] = mi;
      u[i] = ui;
      x[i] -= (learningRate * mi) / (ui + beside);
    }
  },
};

/**
 * Adamax: Adam with a running maximum in place of the root mean square (Kingma & Ba 2015, Algorithm 2).
 *
 *     m ← beta1·m + (1 − beta1)·g
 *     u ← max(beta2·u, |g| + epsilon)          (Keras: u ← max(beta2·u, |g|), divided by u + epsilon)
 *     x ← x − lr / (1 − beta1ᵗ) · m / u        t = 1, 2, …
 *
 * Defaults: {@link adamaxDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const adamax = new Adamax(namedParameters(net), { learningRate: 0.002 });
 * adamax.step(backward(loss));
 */
export class Adamax extends Optimizer<AdamaxHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<AdamaxHyperparameters>,
    options: AdamaxOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("Adamax", "parameters, options", extra);
    super(adamax, parameters, options);
  }
}

/** Options of {@link Adamax}: its hyperparameters, `preset` and `clip`. */
export type AdamaxOptions = OptimizerOptions<AdamaxHyperparameters>;
