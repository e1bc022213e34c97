import { noMore, ranges } from "@gradus/core";
import type { MomentHyperparameters } from "./adam.ts";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { integerPower } from "./power.ts";
import { type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link RAdam}; defaults: {@link radamDefaults}. */
export interface RAdamHyperparameters extends MomentHyperparameters {}

/** PyTorch's defaults of {@link RAdam}. Keras 3 has no RAdam: its preset has the numbers and the decay of Keras' Adam. */
export const radamDefaults: Readonly<Record<Preset, RAdamHyperparameters>> = {
  torch: {
    learningRate: 0.001, // torch.optim.RAdam
    beta1: 0.9, // torch.optim.RAdam
    beta2: 0.999, // torch.optim.RAdam
    epsilon: 1e-8, // torch.optim.RAdam
    weightDecay: 0, // torch.optim.RAdam
    decoupledWeightDecay: false, // torch.optim.RAdam adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Adam
    beta1: 0.9, // keras.optimizers.Adam
    beta2: 0.999, // keras.optimizers.Adam
    epsilon: 1e-7, // keras.optimizers.Adam
    weightDecay: 0, // keras.optimizers.Adam (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const radam: Rule<RAdamHyperparameters> = {
  name: "RAdam",
  defaults: radamDefaults,
  ranges: {
    learningRate: rate,
    beta1: ranges.fraction,
    beta2: ranges.fraction,
    epsilon: ranges.positive,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: () => ["m", "v"],
  // [rate, 1] for a step of Adam, [rate, 0] for one of momentum.
  coefficients({ beta1, beta2 }, t, learningRate) {
    const power = integerPower(beta2, t);
    const mean = learningRate / (1 - integerPower(beta1, t));
    const most = 2 / (1 - beta2) - 1;
    const length = most - (2 * t * power) / (1 - power);
    if (length <= 5) return [mean, 0];
    const rectified = ((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length);
    return [mean * Math.sqrt(rectified) * Math.sqrt(1 - power), 1];
  },
  update(x, g, { m, v }, { beta1, beta2, epsilon }, [learningRate, adaptive]) {
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const mi = beta1 * m[i] + (1 - beta1) * gi;
      const vi = beta2 * v[i] + (1 - beta2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      x[i] -= (learningRate * mi) / (adaptive === 1 ? Math.sqrt(vi) + epsilon : 1);
    }
  },
};

/**
 * RAdam: Adam whose first steps, while v is an average of few gradients, are those of momentum, and whose later ones are made
 * smaller by the variance of v (Liu et al. 2020, On the Variance of the Adaptive Learning Rate and Beyond, Algorithm 2).
 *
 *     m ← beta1·m + (1 − beta1)·g,  m̂ = m / (1 − beta1ᵗ)               t = 1, 2, …
 *     v ← beta2·v + (1 − beta2)·g²
 *     ρ∞ = 2/(1 − beta2) − 1,  ρₜ = ρ∞ − 2t·beta2ᵗ/(1 − beta2ᵗ)
 *     ρₜ > 5:  x ← x − lr·r·m̂·√(1 − beta2ᵗ) / (√v + epsilon),  r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)
 *     else:    x ← x − lr·m̂
 *
 * The threshold 5 and the place of epsilon are PyTorch's; the paper has 4 and none. Defaults: {@link radamDefaults} of the
 * preset (default `"torch"`).
 *
 * @example
 * const radam = new RAdam(namedParameters(net), { learningRate: 0.001 });
 * radam.step(backward(loss));
 */
export class RAdam extends Optimizer<RAdamHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<RAdamHyperparameters>,
    options: RAdamOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("RAdam", "parameters, options", extra);
    super(radam, parameters, options);
  }
}

/** Options of {@link RAdam}: its hyperparameters, `preset` and `clip`. */
export type RAdamOptions = OptimizerOptions<RAdamHyperparameters>;
