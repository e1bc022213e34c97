import { math, noMore, ranges } from "@gradus/core";
import type { MomentHyperparameters } from "./adam.ts";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { integerPower } from "./power.ts";
import { type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link NAdam}; defaults: {@link nadamDefaults}. */
export interface NAdamHyperparameters extends MomentHyperparameters {
  /** ≥ 0: how fast the momentum rises from beta1/2 to beta1. */
  readonly momentumDecay: number;
}

/** PyTorch's and Keras 3's defaults of {@link NAdam}. */
export const nadamDefaults: Readonly<Record<Preset, NAdamHyperparameters>> = {
  torch: {
    learningRate: 0.002, // torch.optim.NAdam
    beta1: 0.9, // torch.optim.NAdam
    beta2: 0.999, // torch.optim.NAdam; also Dozat 2016, section 3
    epsilon: 1e-8, // torch.optim.NAdam; also Dozat 2016, section 3
    momentumDecay: 0.004, // torch.optim.NAdam; also Dozat 2016, section 3 (psi)
    weightDecay: 0, // torch.optim.NAdam
    decoupledWeightDecay: false, // torch.optim.NAdam adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Nadam
    beta1: 0.9, // keras.optimizers.Nadam
    beta2: 0.999, // keras.optimizers.Nadam
    epsilon: 1e-7, // keras.optimizers.Nadam
    momentumDecay: 1, // keras.optimizers.Nadam has 0.96ᵗ
    weightDecay: 0, // keras.optimizers.Nadam (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const nadam: Rule<NAdamHyperparameters> = {
  name: "NAdam",
  defaults: nadamDefaults,
  ranges: {
    learningRate: rate,
    beta1: ranges.fraction,
    beta2: ranges.fraction,
    epsilon: ranges.positive,
    momentumDecay: ranges.nonNegative,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: () => ["m", "v"],
  coefficients(h, t, learningRate) {
    const product = productOfMomenta(h, t);
    const next = momentumAt(h, t + 1);
    const correction = Math.sqrt(1 - integerPower(h.beta2, t));
    return [
      (learningRate * correction * (1 - momentumAt(h, t))) / (1 - product),
      (learningRate * correction * next) / (1 - product * next),
      h.epsilon * correction,
    ];
  },
  update(x, g, { m, v }, { beta1, beta2 }, [byGradient, byMean, epsilon]) {
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const mi = beta1 * m[i] + (1 - beta1) * gi;
      const vi = beta2 * v[i] + (1 - beta2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      x[i] -= (byGradient * gi + byMean * mi) / (Math.sqrt(vi) + epsilon);
    }
  },
};

/** μₜ = beta1·(1 − ½·0.96^(t·momentumDecay)). */
function momentumAt({ beta1, momentumDecay }: NAdamHyperparameters, t: number): number {
  return beta1 * (1 - 0.5 * math.pow(0.96, t * momentumDecay));
}

/** The last product for each set of hyperparameters, so that a step does not multiply all of them again. */
const latest = new WeakMap<NAdamHyperparameters, { t: number; product: number }>();

/** μ₁·μ₂·…·μₜ, multiplied in this order. */
function productOfMomenta(h: NAdamHyperparameters, t: number): number {
  const known = latest.get(h);
  let { t: at, product } = known !== undefined && known.t <= t ? known : { t: 0, product: 1 };
  while (at < t) product *= momentumAt(h, ++at);
  latest.set(h, { t, product });
  return product;
}

/**
 * NAdam: Adam with Nesterov's momentum (Dozat 2016, Incorporating Nesterov Momentum into Adam, Algorithm 2).
 *
 *     m ← beta1·m + (1 − beta1)·g
 *     v ← beta2·v + (1 − beta2)·g²
 *     μₜ = beta1·(1 − ½·0.96^(t·momentumDecay)),  Πₜ = μ₁·…·μₜ          t = 1, 2, …
 *     m̂ = μₜ₊₁·m / (1 − Πₜ₊₁) + (1 − μₜ)·g / (1 − Πₜ),  v̂ = v / (1 − beta2ᵗ)
 *     x ← x − lr·m̂ / (√v̂ + epsilon)
 *
 * Defaults: {@link nadamDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const nadam = new NAdam(namedParameters(net), { learningRate: 0.002 });
 * nadam.step(backward(loss));
 */
export class NAdam extends Optimizer<NAdamHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<NAdamHyperparameters>,
    options: NAdamOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("NAdam", "parameters, options", extra);
    super(nadam, parameters, options);
  }
}

/** Options of {@link NAdam}: its hyperparameters, `preset` and `clip`. */
export type NAdamOptions = OptimizerOptions<NAdamHyperparameters>;
