import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { integerPower } from "./power.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of every optimizer that keeps running averages of the gradient and of its square. */
export interface MomentHyperparameters extends Hyperparameters {
  /** In [0, 1): the decay of m, the running average of the gradient. */
  readonly beta1: number;
  /** In [0, 1): the decay of v, the running average of its square. */
  readonly beta2: number;
  /** > 0: prevents division by 0. */
  readonly epsilon: number;
}

/** The hyperparameters of {@link Adam}; defaults: {@link adamDefaults}. */
export interface AdamHyperparameters extends MomentHyperparameters {
  /** Whether epsilon is added before bias correction ("epsilon hat", Keras) or after it (PyTorch). */
  readonly epsilonHat: boolean;
  /** Whether to divide by the largest v so far instead of the latest. */
  readonly amsgrad: boolean;
}

/** PyTorch's and Keras 3's defaults of {@link Adam}. */
export const adamDefaults: Readonly<Record<Preset, AdamHyperparameters>> = {
  torch: {
    learningRate: 0.001, // torch.optim.Adam; also Kingma & Ba 2015
    beta1: 0.9, // torch.optim.Adam; also Kingma & Ba 2015
    beta2: 0.999, // torch.optim.Adam; also Kingma & Ba 2015
    epsilon: 1e-8, // torch.optim.Adam; also Kingma & Ba 2015
    epsilonHat: false, // torch.optim.Adam; also Kingma & Ba 2015, Algorithm 1
    amsgrad: false, // torch.optim.Adam
    weightDecay: 0, // torch.optim.Adam
    decoupledWeightDecay: false, // torch.optim.Adam adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Adam
    beta1: 0.9, // keras.optimizers.Adam
    beta2: 0.999, // keras.optimizers.Adam
    epsilon: 1e-7, // keras.optimizers.Adam
    epsilonHat: true, // keras.optimizers.Adam
    amsgrad: false, // keras.optimizers.Adam
    weightDecay: 0, // keras.optimizers.Adam (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

/** PyTorch's and Keras 3's defaults of {@link AdamW}: those of Adam, except for the decay. */
export const adamWDefaults: Readonly<Record<Preset, AdamHyperparameters>> = {
  torch: {
    ...adamDefaults.torch,
    weightDecay: 0.01, // torch.optim.AdamW
    decoupledWeightDecay: true, // by definition of AdamW
  },
  keras: {
    ...adamDefaults.keras,
    weightDecay: 0.004, // keras.optimizers.AdamW
    decoupledWeightDecay: true, // by definition of AdamW
  },
};

const adam: Rule<AdamHyperparameters> = {
  name: "Adam",
  defaults: adamDefaults,
  ranges: {
    learningRate: rate,
    beta1: ranges.fraction,
    beta2: ranges.fraction,
    epsilon: ranges.positive,
    epsilonHat: ranges.flag,
    amsgrad: ranges.flag,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: (h) => (h.amsgrad ? ["m", "v", "largest"] : ["m", "v"]),
  coefficients(h, t, learningRate) {
    const correction = Math.sqrt(1 - integerPower(h.beta2, t));
    return [
      (learningRate * correction) / (1 - integerPower(h.beta1, t)),
      h.epsilonHat ? h.epsilon : h.epsilon * correction,
    ];
  },
  update(x, g, slots, h, [lr, epsilon]) {
    const { beta1, beta2, amsgrad } = h;
    const { m, v, largest } = slots;
    // Two loops: a branch in the loop makes the usual case slower by half.
    if (amsgrad) {
      for (let i = 0; i < x.length; i++) {
        const gi = g[i];
        const mi = beta1 * m[i] + (1 - beta1) * gi;
        const vi = beta2 * v[i] + (1 - beta2) * gi * gi;
        const most = Math.max(largest[i], vi);
        m[i] = mi;
        v[i] = vi;
        largest[i] = most;
        x[i] -= (lr * mi) / (Math.sqrt(most) + epsilon);
      }
      return;
    }
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const mi = beta1 * m[i] + (1 - beta1) * gi;
      const vi = beta2 * v[i] + (1 - beta2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      x[i] -= (lr * mi) / (Math.sqrt(vi) + epsilon);
    }
  },
  kernel: ({ beta1, beta2, amsgrad }) => ({
    instruction: amsgrad ? "amsgrad" : "adam",
    slots: amsgrad ? ["m", "v", "largest"] : ["m", "v"],
    numbers: [beta1, beta2],
  }),
};

const adamW: Rule<AdamHyperparameters> = {
  ...adam,
  name: "AdamW",
  defaults: adamWDefaults,
  ranges: {
    ...adam.ranges,
    decoupledWeightDecay: {
      says: "must be true, which makes it AdamW (take Adam for L2)",
      admits: (value) => value === true,
    },
  },
};

/**
 * Adam: steps of about the learning rate for gradients of any size (Kingma & Ba 2015, Algorithm 1).
 *
 *     m ← beta1·m + (1 − beta1)·g
 *     v ← beta2·v + (1 − beta2)·g²
 *     m̂ = m / (1 − beta1ᵗ),  v̂ = v / (1 − beta2ᵗ)      t = 1, 2, …
 *     x ← x − lr·m̂ / (√v̂ + epsilon)
 *
 * computed in the order that the paper recommends at the end of section 2:
 *
 *     x ← x − lrₜ·m / (√v + epsilonₜ),  lrₜ = lr·√(1 − beta2ᵗ) / (1 − beta1ᵗ)
 *
 * with epsilonₜ = epsilon·√(1 − beta2ᵗ), which is Algorithm 1 (PyTorch), or epsilonₜ = epsilon for `epsilonHat`, the
 * paper's ε̂ (Keras).
 *
 * `amsgrad` (Reddi et al. 2018, On the Convergence of Adam and Beyond) uses the largest v so far instead of v. In both
 * presets, as in PyTorch's and Keras' code, the maximum is that of the raw v, to which the current bias correction is
 * applied. (PyTorch's documentation shows the maximum over v̂; the paper has no bias correction.)
 *
 * Defaults: {@link adamDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const adam = new Adam(namedParameters(net), { learningRate: 0.001, clip: { globalNorm: 1 } });
 * adam.step(backward(loss));
 */
export class Adam extends Optimizer<AdamHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<AdamHyperparameters>,
    options: AdamOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("Adam", "parameters, options", extra);
    super(adam, parameters, options);
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, Algorithm 2): x ← x − lr·weightDecay·x, then the step of
 * {@link Adam}. The decay is not divided by √v̂, so its rate is the same for all weights. As in PyTorch and Keras it is
 * multiplied by the learning rate; the paper multiplies it by the schedule alone.
 *
 * Defaults: {@link adamWDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const matrices = namedParameters(net).filter(([, x]) => x.rank > 1);
 * const biases = namedParameters(net).filter(([, x]) => x.rank === 1);
 * const adamW = new AdamW([{ parameters: matrices }, { parameters: biases, weightDecay: 0 }], { weightDecay: 0.1 });
 */
export class AdamW extends Optimizer<AdamHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<AdamHyperparameters>,
    options: AdamWOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("AdamW", "parameters, options", extra);
    super(adamW, parameters, options);
  }
}

/** Options of {@link Adam}: its hyperparameters, `preset` and `clip`. */
export type AdamOptions = OptimizerOptions<AdamHyperparameters>;

/** Options of {@link AdamW}: those of Adam. */
export type AdamWOptions = AdamOptions;
